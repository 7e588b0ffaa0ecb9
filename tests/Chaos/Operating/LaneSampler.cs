using Kataven.Chaos.Histories;
using Kataven.Chaos.Processes;
using Npgsql;

namespace Kataven.Chaos.Operating;

/// <summary>
/// Counts connections as PostgreSQL has them. What is counted: client backends of accounts' roles named <c>kataven</c>, as lanes
/// are; migrations, dumps and restores have other names, and no client here renames its session. A backend that is told to end is
/// there for a moment beside what came in its place, and a list of processes is no snapshot: so those count that are there in
/// <see cref="Samples"/> samples that follow one another.
/// </summary>
internal sealed class LaneSampler(ChaosServer server, Recorder recorder, int maxLanes, int budget)
{
    private const int Samples = 4;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(75);

    private readonly Queue<HashSet<(int Pid, DateTime Start, string Role)>> _last = new();
    private readonly Dictionary<string, LaneExcess> _open = [];
    private readonly Dictionary<string, string> _accounts = [];

    /// <summary>Connections at one time, over all accounts.</summary>
    public int Most { get; private set; }

    /// <summary>Of one account.</summary>
    public int MostOfOne { get; private set; }

    public int Taken { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = await server.OpenAsync("system");
                while (!cancellation.IsCancellationRequested)
                {
                    Look(await SampleAsync(connection));
                    await recorder.Clock.PauseAsync(Every, cancellation);
                }
            }
            catch (Exception exception) when (ChaosServer.IsAway(exception))
            {
                _last.Clear();
                await recorder.Clock.PauseAsync(Every, cancellation);
            }
        }

        foreach (var excess in _open.Values)
        {
            recorder.Add(excess);
        }
    }

    private async Task<HashSet<(int Pid, DateTime Start, string Role)>> SampleAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pid, backend_start, usename, datname FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND application_name = 'kataven'
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var sample = new HashSet<(int Pid, DateTime Start, string Role)>();
        while (await reader.ReadAsync())
        {
            sample.Add((reader.GetInt32(0), reader.GetDateTime(1), reader.GetString(2)));
            _accounts[reader.GetString(2)] = reader.GetString(3);
        }

        return sample;
    }

    private void Look(HashSet<(int Pid, DateTime Start, string Role)> sample)
    {
        Taken++;
        _last.Enqueue(sample);
        if (_last.Count < Samples)
        {
            return;
        }

        var stayed = _last.Aggregate((IEnumerable<(int Pid, DateTime Start, string Role)>)sample, (all, one) => all.Where(one.Contains)).ToList();
        _last.Dequeue();
        var byRole = stayed.GroupBy(backend => _accounts[backend.Role]).ToDictionary(group => group.Key, group => group.Count());
        Most = Math.Max(Most, stayed.Count);
        MostOfOne = Math.Max(MostOfOne, byRole.Values.DefaultIfEmpty().Max());
        Judge("budget", stayed.Count, budget);
        foreach (var account in byRole.Keys.Union(_open.Keys).Where(key => key != "budget").ToList())
        {
            Judge(account, byRole.GetValueOrDefault(account), maxLanes);
        }
    }

    private void Judge(string of, int seen, int limit)
    {
        if (seen > limit)
        {
            var former = _open.GetValueOrDefault(of, new LaneExcess(of, recorder.Clock.Now - (Every * (Samples - 1)), TimeSpan.Zero, 0, limit));
            _open[of] = former with { To = recorder.Clock.Now, Seen = Math.Max(former.Seen, seen) };
        }
        else if (_open.Remove(of, out var over))
        {
            recorder.Add(over);
        }
    }
}
