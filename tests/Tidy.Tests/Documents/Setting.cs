using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Kataven.Api.Hosting;
using Kataven.Grains;
using Kataven.Silo;

namespace Kataven.Tidy.Tests.Documents;

/// <summary>A setting as the code has it.</summary>
/// <param name="Name">As <c>Kataven:Tenants:IdleAfter</c>.</param>
/// <param name="Default">Its default, or null where there is none.</param>
/// <param name="Range">What is allowed, where an attribute says so.</param>
internal sealed record Setting(string Name, string? Default, RangeAttribute? Range)
{
    private const string Prefix = "Kataven:";

    private static readonly Assembly[] Assemblies =
        [typeof(FrontDoor).Assembly, typeof(SiloHosting).Assembly, typeof(GrainsHosting).Assembly, Assembly.Load("Kataven.Standalone")];

    /// <summary>The properties of every class that says which section it is bound to.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. Assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Of).DistinctBy(setting => setting.Name).OrderBy(setting => setting.Name, StringComparer.Ordinal)];

    private static IEnumerable<Setting> Of(Type type) =>
        NameIn(type, "Section") is { } section ? Of(section, Activator.CreateInstance(type, nonPublic: true)!)
        : NameIn(type, "Setting") is { } list ? [new Setting(list, null, null)]
        : [];

    /// <summary>A constant of that name that has the name of a section, or of a single setting that is read as a list.</summary>
    private static string? NameIn(Type type, string constant) =>
        type.GetField(constant, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic) is { IsLiteral: true } field
        && field.GetRawConstantValue() is string name && name.StartsWith(Prefix, StringComparison.Ordinal)
        && type is { IsAbstract: false } && !type.Name.EndsWith("Validator", StringComparison.Ordinal)
            ? name
            : null;

    private static IEnumerable<Setting> Of(string section, object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(property => property.SetMethod is { IsPublic: true }))
        {
            var name = $"{section}:{property.Name}";
            var value = property.GetValue(options);
            if (IsSection(property.PropertyType))
            {
                foreach (var inner in Of(name, value ?? Activator.CreateInstance(property.PropertyType)!))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return new Setting(name, TextOf(value), property.GetCustomAttribute<RangeAttribute>());
            }
        }
    }

    private static bool IsSection(Type type) => type is { IsClass: true, IsArray: false } && type.Namespace?.StartsWith("Kataven", StringComparison.Ordinal) == true;

    private static string? TextOf(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        string text => text,
        System.Collections.IEnumerable list => list.Cast<object>().Any() ? string.Join(',', list.Cast<object>()) : null,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
