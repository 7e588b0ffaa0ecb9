using Kataven.Testing;
using Npgsql;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>
/// Stops a statement of the service's on a whole database or a role while the server runs it: it waits for a catalog that it needs and
/// that hardly anybody else does.
/// </summary>
public sealed class StatementStop : IAsyncDisposable
{
    /// <summary>Whoever is stopped gives up after 100 seconds, the limit of such a statement.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// What each writes to, or reads at last. A database that is made is in <c>pg_database</c>, not yet visible, and its files are not there
    /// yet; one that is dropped is marked as invalid, and its files are; renaming and roles have done nothing.
    /// </summary>
    private static readonly Dictionary<string, (string Catalog, string Mode)> Locks = new()
    {
        ["CREATE DATABASE"] = ("pg_shdepend", "SHARE"),
        ["DROP DATABASE"] = ("pg_tablespace", "ACCESS EXCLUSIVE"),
        ["COMMENT ON DATABASE"] = ("pg_shdescription", "SHARE"),
        ["RENAME TO"] = ("pg_database", "SHARE"),
        ["REVOKE ALL ON DATABASE"] = ("pg_database", "SHARE"),
        ["CREATE ROLE"] = ("pg_authid", "SHARE"),
        ["DROP ROLE"] = ("pg_authid", "SHARE"),
    };

    private readonly KilledService _service;
    private readonly string _statement;
    private NpgsqlConnection _holder;

    private StatementStop(KilledService service, string statement, NpgsqlConnection holder) => (_service, _statement, _holder) = (service, statement, holder);

    /// <summary>Who waits.</summary>
    private string Waiting => $"""
        SELECT a.pid, a.query FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE l.relation = '{Locks[_statement].Catalog}'::regclass AND NOT l.granted AND a.application_name <> 'test'
        """;

    public static async Task<StatementStop> ArmAsync(KilledService service, string statement)
    {
        if (!await service.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '_kataven_template')"))
        {
            // The first account of all has the template made, by statements that are like those that are to be stopped.
            await new FleetAccount(service, FleetAccount.NewId()).ProvisionAsync();
        }

        var holder = await service.OpenAsync("system");
        await LockAsync(holder, statement);
        return new StatementStop(service, statement, holder);
    }

    /// <summary>Returns when the statement is stopped: others before it that need the same catalog are let pass.</summary>
    public async Task ReachedAsync()
    {
        var who = "";
        while (who != _statement)
        {
            if (who.Length > 0)
            {
                await PassAsync();
            }

            await Eventually.Async(
                async () => (who = await _service.ScalarAsync<string>($"""
                    SELECT CASE WHEN count(*) = 0 THEN ''
                                WHEN bool_or(strpos(query, '{_statement}') > 0) THEN '{_statement}' ELSE 'another' END
                      FROM ({Waiting}) AS waiting
                    """)).Length > 0,
                Patience,
                _statement);
        }
    }

    /// <summary>Whoever waits goes on, and the next one waits: who asks for the lock behind them has it before they can ask again.</summary>
    private async Task PassAsync()
    {
        var next = await _service.OpenAsync("system");
        var locked = LockAsync(next, _statement);
        await Eventually.Async(
            // Nobody is before it where they have given up meanwhile.
            async () => locked.IsCompleted || await _service.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_locks WHERE pid = {next.ProcessID} AND NOT granted)"),
            Patience,
            "it waits behind them");
        await _holder.DisposeAsync();
        await locked;
        _holder = next;
    }

    /// <summary>Ends who is stopped, as the server does with a statement whose client is gone.</summary>
    public Task EndAsync() => _service.ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM ({Waiting}) AS waiting");

    /// <summary>Who is stopped goes on, also where its process is gone: the server runs a statement to its end. Returns when it has.</summary>
    public async ValueTask DisposeAsync()
    {
        var stopped = await _service.ScalarAsync<string>($"SELECT coalesce(string_agg(pid::text, ','), '') FROM ({Waiting}) AS waiting");
        await _holder.DisposeAsync();
        await Eventually.Async(
            async () => await _service.ScalarAsync<bool>(
                $"SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid::text = ANY (string_to_array('{stopped}', ',')) AND state = 'active')"),
            Patience,
            $"{_statement} has ended");
    }

    private static async Task LockAsync(NpgsqlConnection connection, string statement)
    {
        var (catalog, mode) = Locks[statement];
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE pg_catalog.{catalog} IN {mode} MODE", connection) { CommandTimeout = (int)Patience.TotalSeconds };
        await command.ExecuteNonQueryAsync();
    }
}
