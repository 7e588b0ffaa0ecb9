using System.Reflection;
using System.Runtime.CompilerServices;
using Kataven.Grains;
using Kataven.Tenants;
using Kataven.Tidy.Tests.Tree;
using Orleans;
using Orleans.Services;

namespace Kataven.Tidy.Tests.Messages;

/// <summary>What crosses the cluster keeps its names and numbers, so that processes of two versions understand each other.</summary>
public sealed class MessageTests
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Types = [.. typeof(ITenantGrain).Assembly.GetTypes().Concat(typeof(GrainsHosting).Assembly.GetTypes())
        .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && type.Namespace?.StartsWith("Kataven", StringComparison.Ordinal) == true)];

    private static IEnumerable<Type> GrainInterfaces => Types.Where(type => type.IsInterface
        && (typeof(IGrain).IsAssignableFrom(type) || typeof(IGrainService).IsAssignableFrom(type)));

    private static IEnumerable<Type> Messages => Types.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)));

    [Fact]
    public void Grain_interfaces_and_their_methods_have_aliases() => Rule.Holds(
        "A grain interface, and each of its methods, has an [Alias].",
        GrainInterfaces.SelectMany(type => type.GetMethods().Cast<MemberInfo>().Prepend(type))
            .Where(member => !member.IsDefined(typeof(AliasAttribute)))
            .Select(member => member is Type ? member.Name : $"{member.DeclaringType!.Name}.{member.Name}"));

    [Fact]
    public void Aliases_are_unique() => Rule.Holds(
        "No two types have the same [Alias].",
        GrainInterfaces.Concat(Messages).GroupBy(AliasOf).Where(group => group.Key is not null && group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(type => type.Name))}"));

    [Fact]
    public void Messages_have_aliases() => Rule.Holds(
        "A [GenerateSerializer] type has an [Alias].",
        Messages.Where(type => AliasOf(type) is null).Select(type => type.Name));

    [Fact]
    public void Messages_are_immutable_and_sealed() => Rule.Holds(
        "A message is an [Immutable] sealed record; states and exceptions are sealed.",
        from type in Messages
        where !type.IsEnum && !type.IsValueType
        where !type.IsSealed || (IsRecord(type) && !type.IsDefined(typeof(ImmutableAttribute)))
        select type.Name);

    [Fact]
    public void Members_of_messages_have_numbers_of_their_own() => Rule.Holds(
        "Each member of a message has an explicit [Id], and no two the same.",
        from type in Messages
        where !type.IsEnum && !typeof(Exception).IsAssignableFrom(type)
        let ids = type.GetFields(Declared).Select(field => (Name: NameOf(field), Id: IdOf(type, field))).ToList()
        from fault in ids.Where(member => member.Id is null).Select(member => $"{type.Name}.{member.Name} has no [Id]")
            .Concat(ids.Where(member => member.Id is not null).GroupBy(member => member.Id).Where(same => same.Count() > 1)
                .Select(same => $"{type.Name}: {same.Key} is there twice"))
        select fault);

    private static string? AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    /// <summary>A property's own field, by the property's name.</summary>
    private static string NameOf(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static uint? IdOf(Type type, FieldInfo field) =>
        (field.GetCustomAttribute<IdAttribute>() ?? type.GetProperty(NameOf(field), Declared)?.GetCustomAttribute<IdAttribute>())?.Id;
}
