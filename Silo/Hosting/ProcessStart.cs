using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Kataven.Hosting;

/// <summary>How a process ends that cannot start: with what to change, exit code 1, and no stack trace.</summary>
internal static class ProcessStart
{
    /// <exception cref="SettingsException">Settings are wrong.</exception>
    public static void CheckSettings(this IHost host)
    {
        if (host.Services.GetRequiredService<SettingCheck>().Faults(host.Services) is { Count: > 0 } faults)
        {
            throw new SettingsException(faults);
        }
    }

    public static async Task<int> RunAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (Exception exception) when (IsForTheOperator(exception))
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Whatever else comes is a fault of ours, whose stack trace is needed.</summary>
    private static bool IsForTheOperator(Exception exception) => exception is
        SettingsException or TimeoutException or NpgsqlException or IOException { InnerException: AddressInUseException };
}
