using System.Text.Json;
using Kataven.Cli.Http;

namespace Kataven.Cli.Migrations;

/// <summary>The migrations that the server has read.</summary>
internal sealed record KnownScripts(IReadOnlyList<Script> Migrations)
{
    public static async Task<KnownScripts> ReadAsync(KatavenClient client, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize(await client.AdminTextAsync(HttpMethod.Get, "/migrations", null, cancellationToken), MigrationJson.Default.KnownScripts)
        ?? throw new JsonException();

    /// <summary><c>null</c> where there are none.</summary>
    public Script? Newest => Migrations.MaxBy(static script => script.Version);

    /// <summary>What accounts are brought to: the one asked for, or the newest.</summary>
    public Script? Target(long? version) => version is null
        ? Newest
        : Migrations.FirstOrDefault(script => script.Version == version)
            ?? throw new CliFailure(ExitCode.Refused, $"There is no migration {version}; the newest is {Newest?.Version ?? 0}.");
}
