using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>
/// The closed database that every new account's is a copy of: privileges on catalogs are rows of each database, so a copy
/// has them from its first moment. Nobody can connect to it, which also means that nobody can be in the way of a copy.
/// </summary>
internal sealed class TemplateDatabase(SystemDatabase system)
{
    public const string Name = "_kataven_template";

    /// <summary>Any number that nobody else on the server locks by.</summary>
    private const long Lock = 0x6b617461_74706c31;

    private volatile string? _ready;

    /// <summary>Makes the template, or brings it up to date, once in the cluster.</summary>
    public async Task EnsureAsync(ServerPowers powers, CancellationToken cancellation)
    {
        var wanted = Label(powers);
        if (_ready == wanted)
        {
            return;
        }

        await using var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({Lock})", cancellation).ConfigureAwait(false);
        // The connection's end is the lock's end.
        if (await LabelAsync(connection, cancellation).ConfigureAwait(false) != wanted)
        {
            await MakeAsync(connection, powers, cancellation).ConfigureAwait(false);
        }

        _ready = wanted;
    }

    private static string Label(ServerPowers powers) =>
        $"kataven isolation {IsolationScripts.Version}, server {powers.Major}, {(powers.IsSuperuser ? "hardened, open to backups" : "not hardened")}";

    private async Task MakeAsync(NpgsqlConnection connection, ServerPowers powers, CancellationToken cancellation)
    {
        var name = Sql.Name(Name);
        if (powers.IsSuperuser)
        {
            // The grants that a dump needs are rows of each database: a copy has them from its first moment where the template has.
            await ExecuteAsync(connection, BackupGroup.Make, cancellation).ConfigureAwait(false);
        }

        // One that is there is of an older version, or half made: no account's data is ever in it.
        if (await IsWholeAsync(connection, cancellation).ConfigureAwait(false) is { } isWhole)
        {
            if (isWhole)
            {
                await ExecuteAsync(connection, $"ALTER DATABASE {name} IS_TEMPLATE false ALLOW_CONNECTIONS false", cancellation).ConfigureAwait(false);
            }

            await ExecuteAsync(connection, $"DROP DATABASE {name} WITH (FORCE)", cancellation).ConfigureAwait(false);
        }

        await ExecuteAsync(
            connection,
            $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' ALLOW_CONNECTIONS false",
            cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"REVOKE ALL ON DATABASE {name} FROM PUBLIC", cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"ALTER DATABASE {name} ALLOW_CONNECTIONS true", cancellation).ConfigureAwait(false);
        await using (var inside = await system.OpenInAsync(Name, cancellation).ConfigureAwait(false))
        {
            await IsolationScripts.RunAsync(inside, IsolationScripts.Identity, cancellation).ConfigureAwait(false);
            if (powers.IsSuperuser)
            {
                await IsolationScripts.RunAsync(inside, IsolationScripts.Harden, cancellation).ConfigureAwait(false);
                await IsolationScripts.RunAsync(inside, IsolationScripts.Guard, cancellation).ConfigureAwait(false);
            }

            await ExecuteAsync(inside, "REVOKE ALL ON SCHEMA public FROM PUBLIC", cancellation).ConfigureAwait(false);
        }

        await ExecuteAsync(connection, $"COMMENT ON DATABASE {name} IS {Sql.Literal(Label(powers))}", cancellation).ConfigureAwait(false);
        await ExecuteAsync(connection, $"ALTER DATABASE {name} IS_TEMPLATE true ALLOW_CONNECTIONS false", cancellation).ConfigureAwait(false);
    }

    private static async Task<string?> LabelAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT shobj_description(d.oid, 'pg_database') FROM pg_database d WHERE d.datname = {Sql.Literal(Name)} AND NOT d.datallowconn AND d.datconnlimit <> -2", connection);
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string;
    }

    /// <summary>Null where there is none. One whose removal was broken off can only be removed: PostgreSQL ends the connection of whoever would alter it.</summary>
    private static async Task<bool?> IsWholeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT datconnlimit <> -2 FROM pg_database WHERE datname = {Sql.Literal(Name)}", connection);
        return (bool?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
