using System.Globalization;
using Kataven.Bench.Grounds;
using Npgsql;

namespace Kataven.Bench.Contenders;

/// <summary>The seed's own design in Go, which checks no token.</summary>
internal sealed class GoTwin(int poolSize) : Contender(ContenderName)
{
    public const string ContenderName = "go";

    private static readonly string Program = Path.GetFullPath("artifacts/bench/gotwin");

    public override bool ChecksTokens => false;

    public override string? Missing => File.Exists(Program) ? null : "bench/GoTwin was not built (Debian: apt-get install golang golang-github-jackc-pgx-v4-dev)";

    protected override async Task StartProcessesAsync(Ground ground, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-listen", $"127.0.0.1:{ground.Addresses.PortOf(Name)}",
            "-system", Dsn(ground.ConnectionTo("system", Name), "system"),
            "-accounts", Dsn(ground.ConnectionTo("postgres", Name), "%s"),
            "-connections", poolSize.ToString(CultureInfo.InvariantCulture),
        ];
        await RunAsync(Program, arguments, [], cancellation);
        await AnsweredAsync("/health", cancellation);
    }

    private static string Dsn(NpgsqlConnectionStringBuilder connection, string database) =>
        $"postgres://{connection.Username}:{connection.Password}@{connection.Host}:{connection.Port}/{database}?sslmode=disable&application_name={connection.ApplicationName}";
}
