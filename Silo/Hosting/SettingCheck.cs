using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kataven.Hosting;

/// <summary>
/// Looks at every options class of ours before anything starts, and tells all faults together. The framework's own check
/// at the start stops at the first value that cannot be read.
/// </summary>
internal sealed class SettingCheck(IServiceCollection registrations)
{
    /// <summary>Finds the options classes by what was registered for them, also after this call.</summary>
    public static void Add(IServiceCollection services) => services.TryAddSingleton(new SettingCheck(services));

    private IEnumerable<Type> OptionsTypes => registrations
        .Where(service => service.ServiceType.IsGenericType)
        .Where(service => service.ServiceType.GetGenericTypeDefinition() is var type
            && (type == typeof(IConfigureOptions<>) || type == typeof(IValidateOptions<>) || type == typeof(IOptionsChangeTokenSource<>)))
        .Select(service => service.ServiceType.GetGenericArguments()[0])
        .Where(type => type.Assembly.GetName().Name!.StartsWith("Kataven.", StringComparison.Ordinal))
        .Distinct();

    public List<string> Faults(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var faults = new List<string>();
        foreach (var type in OptionsTypes)
        {
            // Both roles in one process have the class that both need twice.
            var found = SectionOf(type) is { } section ? SettingRules.Faults(type, configuration.GetSection(section)).ToList() : [];
            faults.AddRange(found.Count > 0 ? found : ValidatorFaults(type, services));
        }

        return [.. faults.Distinct()];
    }

    private static string? SectionOf(Type type) => type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string;

    private static IEnumerable<string> ValidatorFaults(Type type, IServiceProvider services)
    {
        try
        {
            var options = services.GetRequiredService(typeof(IOptions<>).MakeGenericType(type));
            options.GetType().GetProperty(nameof(IOptions<>.Value))!.GetValue(options);
            return [];
        }
        catch (TargetInvocationException exception) when (exception.InnerException is OptionsValidationException fault)
        {
            return fault.Failures;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is InvalidOperationException fault)
        {
            return [fault.Message];
        }
    }
}
