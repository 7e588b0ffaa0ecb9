using Kataven.Grains.Accounts;
using Kataven.Grains.Housekeeping;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>Removes databases that were made to compare with, and left by a process that died: nobody may ever ask for the same scripts again.</summary>
internal sealed partial class MigratedTemplateSweep(SystemDatabase system, ILogger<MigratedTemplateSweep> logger) : IHousekeeping
{
    /// <summary>Another system on the same server may have a role of its own.</summary>
    private const string Named = $"""
        SELECT d.datname::text FROM pg_database d
         WHERE d.datname ~ '^{MigratedTemplate.Prefix}[0-9a-f]+$' AND pg_has_role(d.datdba, 'USAGE')
        """;

    public async Task TidyAsync(CancellationToken cancellation)
    {
        // Mostly there is none, and nothing is opened.
        if (await system.NamesAsync(Named, [], cancellation).ConfigureAwait(false) is [])
        {
            return;
        }

        await using var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        await using var take = new NpgsqlCommand($"SELECT pg_try_advisory_lock({MigratedTemplate.Lock})", connection);
        if (await take.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not true)
        {
            // One is being made.
            return;
        }

        foreach (var name in await system.NamesAsync(Named, [], cancellation).ConfigureAwait(false))
        {
            await DropAsync(connection, name, cancellation).ConfigureAwait(false);
        }
    }

    private async Task DropAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        try
        {
            // Without FORCE: another system's lock is in its own database.
            await using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {Sql.Name(name)}", connection) { CommandTimeout = SystemDatabase.StatementSeconds };
            await drop.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            LogDropped(name);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            // Somebody is in it.
        }
    }
}
