using System.Buffers.Text;
using System.Text.Json;
using Kataven.Bench.Grounds;
using Npgsql;

namespace Kataven.Bench.Contenders;

/// <summary>The obvious service in ASP.NET: a dictionary of data sources, statements prepared. It takes the product's tokens.</summary>
internal class Baseline(int poolSize, string name = Baseline.ContenderName) : Contender(name)
{
    public const string ContenderName = "baseline";

    private static readonly string Program = Path.GetFullPath("artifacts/bin/Baseline/release/Kataven.Baseline.dll");

    protected override async Task StartProcessesAsync(Ground ground, CancellationToken cancellation) => await StartServiceAsync(ground, AccountsOf(ground), cancellation);

    protected async Task StartServiceAsync(Ground ground, string accounts, CancellationToken cancellation)
    {
        var token = (await ground.Fleet.TargetsAsync(0, 1, cancellation))[0].Token!;
        var environment = new Dictionary<string, string>
        {
            ["Baseline__System"] = new NpgsqlConnectionStringBuilder(ground.ConnectionTo("system", Name).ConnectionString) { MaxPoolSize = RivalPools.RegistrySize }.ConnectionString,
            ["Baseline__Accounts"] = accounts,
            ["Baseline__Authority"] = ground.Addresses.Of(Product.ContenderName).ToString().TrimEnd('/'),
            ["Baseline__Audience"] = AudienceOf(token),
        };
        await RunAsync("dotnet", [Program, "--urls", Address.ToString()], environment, cancellation);
        await AnsweredAsync("/health", cancellation);
    }

    /// <summary>Sessions are not reset between callers: less than the product does, and what makes this the fastest.</summary>
    protected virtual NpgsqlConnectionStringBuilder PoolOf(Ground ground) => new(ground.ConnectionTo("postgres", Name).ConnectionString)
    {
        MaxPoolSize = poolSize,
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        ConnectionIdleLifetime = 10,
        ConnectionPruningInterval = 5,
    };

    private string AccountsOf(Ground ground) => PoolOf(ground).ConnectionString;

    private static string AudienceOf(string token)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return payload.RootElement.GetProperty("aud")[0].GetString()!;
    }
}
