using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Processes;
using Npgsql;

namespace Kataven.Chaos.Operating;

/// <summary>Looks into databases as a superuser, past the service.</summary>
internal sealed class Inspector(ChaosServer server, Recorder recorder)
{
    /// <summary>One snapshot of all that clients wrote, and of what was migrated.</summary>
    private const string Question =
        """
        BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
        SELECT id, value, mark, pg_xact_commit_timestamp(xmin) FROM entry;
        SELECT value FROM tally;
        SELECT life FROM stamp WHERE account = split_part(life, '.', 1);
        SELECT version FROM {0};
        SELECT version FROM _kataven.migration WHERE state = 'applied' ORDER BY version;
        COMMIT
        """;

    public async Task<Inspection> LookAsync(LiveAccount account, InspectionKind kind, string? database = null, TimeSpan begun = default, TimeSpan made = default)
    {
        var inspection = await server.RepeatAsync(database ?? account.Account, connection => ReadAsync(connection, account.Life, kind));
        inspection = inspection with { CopyBegun = begun, CopyMade = made };
        recorder.Add(inspection);
        return inspection;
    }

    /// <summary>Writes the account's epoch past the service, so that it is known to be written.</summary>
    public async Task WriteEpochAsync(LiveAccount account, int epoch)
    {
        await server.RepeatAsync(account.Account, async connection =>
        {
            await using var command = new NpgsqlCommand("UPDATE stamp SET epoch = $1", connection) { Parameters = { new() { Value = epoch } } };
            return await command.ExecuteNonQueryAsync();
        });
        account.Epoch = epoch;
    }

    public Task<int> EpochAsync(LiveAccount account) => server.RepeatAsync(account.Account, async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT epoch FROM stamp", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    });

    /// <summary>Connections of the account's role.</summary>
    public Task<long> ConnectionsAsync(string account) => server.RepeatAsync("system", async connection =>
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity JOIN public.accounts ON usename = role_name WHERE account_id = $1", connection)
        { Parameters = { new() { Value = account } } };
        return (long)(await command.ExecuteScalarAsync())!;
    });

    public Task<bool> ExistsAsync(string database) => server.RepeatAsync("system", async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", connection) { Parameters = { new() { Value = database } } };
        return (bool)(await command.ExecuteScalarAsync())!;
    });

    private async Task<Inspection> ReadAsync(NpgsqlConnection connection, string life, InspectionKind kind)
    {
        // The first migration makes the table of notes.
        await using var exists = new NpgsqlCommand("SELECT to_regclass('public.note') IS NOT NULL", connection);
        var notes = (bool)(await exists.ExecuteScalarAsync())! ? "note" : "_kataven.migration WHERE false";
        var at = recorder.Clock.Now;
        await using var command = new NpgsqlCommand(Question.Replace("{0}", notes, StringComparison.Ordinal), connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = await AllAsync(reader, row => new InspectedRow(
            row.GetString(0),
            row.IsDBNull(1) ? null : row.GetInt64(1),
            row.IsDBNull(2) ? null : row.GetString(2),
            row.IsDBNull(3) ? null : recorder.Clock.Of(row.GetFieldValue<DateTimeOffset>(3))));
        return new Inspection
        {
            Kind = kind,
            Life = life,
            Database = connection.Database,
            At = at,
            Rows = rows,
            Tally = (await AllAsync(reader, row => row.GetInt64(0))).Single(),
            Stamps = await AllAsync(reader, row => row.GetString(0)),
            Notes = await AllAsync(reader, row => row.GetInt32(0)),
            Applied = await AllAsync(reader, row => row.GetInt32(0)),
        };
    }

    private static async Task<List<T>> AllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read)
    {
        var all = new List<T>();
        while (await reader.ReadAsync())
        {
            all.Add(read(reader));
        }

        await reader.NextResultAsync();
        return all;
    }
}
