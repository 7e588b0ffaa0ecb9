using Kataven.Testing;
using Npgsql;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>
/// A place in the system database at which whoever comes there for one account waits, until it is let go or ended: a step of an
/// operation that is about to be written, or its end, or a change of the account's row.
/// </summary>
public sealed class StopPoint : IAsyncDisposable
{
    /// <summary>Whoever is stopped gives up after 30 seconds, the limit of a command.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private const int Lock = 4711;

    private readonly KilledService _service;
    private readonly NpgsqlConnection _holder;
    private readonly string _name;
    private readonly int _id;

    private StopPoint(KilledService service, NpgsqlConnection holder, string name, int id) => (_service, _holder, _name, _id) = (service, holder, name, id);

    /// <summary>What stops, planted once in a system database.</summary>
    public const string Plant = """
        CREATE SCHEMA stop;
        CREATE TABLE stop.point (id integer GENERATED ALWAYS AS IDENTITY, account_id text, point text);
        CREATE FUNCTION stop.at(account text, there text) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE found integer;
        BEGIN
            SELECT p.id INTO found FROM stop.point p WHERE p.account_id = account AND p.point = there;
            IF found IS NOT NULL THEN PERFORM pg_advisory_xact_lock(4711, found); END IF;
        END $$;
        CREATE FUNCTION stop.operation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM stop.at(NEW.account_id, CASE WHEN NEW.status <> OLD.status THEN 'end' ELSE NEW.step END); RETURN NEW; END $$;
        CREATE TRIGGER stop BEFORE UPDATE ON kataven.operation FOR EACH ROW
            WHEN (OLD.step IS DISTINCT FROM NEW.step OR OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION stop.operation();
        CREATE FUNCTION stop.account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'DELETE' THEN PERFORM stop.at(OLD.account_id, 'row.delete'); RETURN OLD; END IF;
            PERFORM stop.at(NEW.account_id, CASE
                WHEN TG_OP = 'INSERT' THEN 'row.reserve'
                WHEN NEW.status <> OLD.status THEN 'row.' || NEW.status
                WHEN NEW.role_name IS DISTINCT FROM OLD.role_name THEN 'row.role'
                WHEN NEW.isolation_version IS DISTINCT FROM OLD.isolation_version THEN 'row.stamp'
                WHEN NEW.status_reason IS DISTINCT FROM OLD.status_reason THEN 'row.mark' END); RETURN NEW; END $$;
        CREATE TRIGGER a_stop BEFORE INSERT OR UPDATE OR DELETE ON public.accounts FOR EACH ROW EXECUTE FUNCTION stop.account();
        CREATE FUNCTION stop.credential() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM stop.at(NEW.account_id, 'row.credential'); RETURN NEW; END $$;
        CREATE TRIGGER stop BEFORE INSERT ON kataven.credentials FOR EACH ROW EXECUTE FUNCTION stop.credential();
        """;

    public static async Task<StopPoint> ArmAsync(KilledService service, string account, string point)
    {
        var holder = await service.OpenAsync("system");
        await using var command = new NpgsqlCommand("INSERT INTO stop.point (account_id, point) VALUES ($1, $2) RETURNING id", holder);
        command.Parameters.Add(new() { Value = account });
        command.Parameters.Add(new() { Value = point });
        var id = (int)(await command.ExecuteScalarAsync())!;
        await using var take = new NpgsqlCommand($"SELECT pg_advisory_lock({Lock}, {id})", holder);
        await take.ExecuteNonQueryAsync();
        return new StopPoint(service, holder, $"{point} of {account}", id);
    }

    /// <summary>Returns when somebody is stopped here: the port of the process, as the server sees it.</summary>
    public async Task<int> ReachedAsync()
    {
        var port = 0;
        await Eventually.Async(
            async () => (port = await _service.ScalarAsync<int>($"""
                SELECT coalesce(max(a.client_port), 0) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                 WHERE l.locktype = 'advisory' AND l.classid = {Lock} AND l.objid = {_id} AND NOT l.granted
                """)) != 0,
            Patience,
            _name);
        return port;
    }

    /// <summary>Whoever comes here from now on is not stopped; who is stopped stays so.</summary>
    public Task DisarmAsync() => _service.ExecuteAsync($"DELETE FROM stop.point WHERE id = {_id}");

    /// <summary>Who is stopped goes on.</summary>
    public async Task LetGoAsync()
    {
        await DisarmAsync();
        await _holder.DisposeAsync();
    }

    /// <summary>Who is stopped ends here: its process is gone, and the server does not notice before it goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisarmAsync();
        await _service.ExecuteAsync($"""
            SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND classid = {Lock} AND objid = {_id} AND NOT granted
            """);
        await _holder.DisposeAsync();
    }
}
