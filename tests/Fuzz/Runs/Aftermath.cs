using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kataven.Fuzz.Cases;
using Npgsql;

namespace Kataven.Fuzz.Runs;

/// <summary>What has to be true when a run is over: no lane lost, no backend astray, everybody served, the victim as it was.</summary>
internal sealed class Aftermath(FuzzTarget target, Actors actors, HttpClient http)
{
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(30);

    /// <summary>Every fault, and none where all is well.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        List<string> faults = [.. await EventuallyAsync(LaneFaultsAsync), .. await EventuallyAsync(BackendFaultsAsync)];
        foreach (var account in actors.Attackers)
        {
            try
            {
                // Twice: the first may be the one that puts in order what the account did to itself.
                await new AccountClient(http, account, actors.Tokens[account]).QueryAsync("select 1");
                await new AccountClient(http, account, actors.Tokens[account]).QueryAsync("select 1");
            }
            catch (InvalidOperationException exception)
            {
                faults.Add($"An attacker is not served any more: {exception.Message}");
            }
        }

        var victim = new AccountClient(http, actors.Victim, await Stage.TokenAsync(http, actors.Victim));
        var rows = await victim.RowsAsync("select marker, count(*) from secret group by 1");
        if (rows.Length != 1 || rows[0][0].GetString() != actors.Marker || rows[0][1].GetInt32() != 100)
        {
            faults.Add("The victim's data has changed.");
        }

        return faults;
    }

    private static async Task<IReadOnlyList<string>> EventuallyAsync(Func<Task<List<string>>> faultsOf)
    {
        var begun = Stopwatch.GetTimestamp();
        List<string> faults;
        while ((faults = await faultsOf()).Count > 0 && Stopwatch.GetElapsedTime(begun) < QuietWithin)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return faults;
    }

    private async Task<List<string>> LaneFaultsAsync()
    {
        var faults = new List<string>();
        foreach (var pool in await PoolsAsync())
        {
            var (open, busy, waiting) = (Number(pool, "lanes_open"), Number(pool, "lanes_busy"), Number(pool, "waiting"));
            if (busy != 0 || waiting != 0 || open > Stage.LanesOfAttacker)
            {
                faults.Add($"The pool of {pool.GetProperty("account_id")} has {open} lanes open, {busy} busy, {waiting} waiting.");
            }
        }

        return faults;
    }

    private async Task<List<string>> BackendFaultsAsync()
    {
        var lanes = (await PoolsAsync()).ToDictionary(pool => pool.GetProperty("account_id").GetString()!, pool => Number(pool, "lanes_open"));
        var faults = new List<string>();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select datname, count(*), count(*) filter (where state <> 'idle') from pg_stat_activity where datname = any($1) and backend_type = 'client backend' group by 1", connection)
        {
            Parameters = { new() { Value = actors.Attackers.ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var (account, backends, notIdle) = (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2));
            if (backends != lanes.GetValueOrDefault(account) || notIdle > 0)
            {
                faults.Add($"{account} has {backends} backends for {lanes.GetValueOrDefault(account)} lanes, {notIdle} of them not idle.");
            }
        }

        return faults;
    }

    private async Task<List<JsonElement>> PoolsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/admin/pools");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", actors.AdminToken);
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var pools = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("pools");
        return [.. pools.EnumerateArray().Where(pool => actors.Attackers.Contains(pool.GetProperty("account_id").GetString()))];
    }

    private static int Number(JsonElement pool, string member) => pool.GetProperty(member).GetInt32();
}
