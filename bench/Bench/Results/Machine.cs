using System.Globalization;
using System.Runtime.InteropServices;

namespace Kataven.Bench.Results;

/// <summary>Where it was measured.</summary>
internal static class Machine
{
    public static string Words(Version postgres) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} × {Processor()}, Linux {Kernel()}, .NET {Environment.Version}, PostgreSQL {postgres}");

    private static string Processor() => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
        ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]
        : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}
