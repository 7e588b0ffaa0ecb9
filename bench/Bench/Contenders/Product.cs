using Kataven.Bench.Grounds;

namespace Kataven.Bench.Contenders;

/// <summary>This service: front door and silo in one process, with the fast lane.</summary>
/// <param name="settings">What a load wants besides, as the environment gives it; null: nothing.</param>
internal sealed class Product(IReadOnlyDictionary<string, string>? settings = null) : Contender(ContenderName)
{
    public const string ContenderName = "product";

    private static readonly string Program = Path.GetFullPath("artifacts/bin/Standalone/release/Kataven.Standalone.dll");

    protected override async Task StartProcessesAsync(Ground ground, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__System"] = ground.Server.ConnectionString,
            ["Kataven__Tenants__FastLane"] = "true",
            // As in a cluster, where a silo that comes back has the address that it had.
            ["Kataven__Silo__SiloPort"] = $"{ground.Addresses.PortOf("silo")}",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        await RunAsync("dotnet", [Program, "--port", $"{ground.Addresses.PortOf(Name)}"], environment, cancellation);
        await AnsweredAsync("/health/ready", cancellation);
    }
}
