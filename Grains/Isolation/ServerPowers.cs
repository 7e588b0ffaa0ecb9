using Kataven.Grains.Accounts;

namespace Kataven.Grains.Isolation;

/// <summary>What the service's own role may do on this server, and which server it is: managed ones give no superuser.</summary>
/// <param name="IsSuperuser">Catalog privileges, event triggers and settings that accounts cannot change can be set.</param>
/// <param name="Major">The server's major version.</param>
internal sealed record ServerPowers(bool IsSuperuser, int Major)
{
    public static async Task<ServerPowers> ReadAsync(SystemDatabase system, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            SELECT r.rolsuper, current_setting('server_version_num')::int / 10000 FROM pg_roles r WHERE r.rolname = current_user
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return new ServerPowers(reader.GetBoolean(0), reader.GetInt32(1));
    }
}
