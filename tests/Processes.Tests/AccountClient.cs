using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

/// <summary>One client of an account, which sends one request after the other until it is told to stop, and keeps what became of them.</summary>
public sealed class AccountClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<(long End, string? Trouble)> _answers = new();
    private readonly Func<int, Task<(HttpStatusCode Status, JsonElement Body)>> _send;
    private readonly Task _run;

    private readonly TimeSpan _pause;

    private AccountClient(string account, TimeSpan? pause, Func<int, Task<(HttpStatusCode Status, JsonElement Body)>> send)
    {
        // Many clients on few cores: the load is not what most tests look at.
        (Account, _pause, _send) = (account, pause ?? TimeSpan.FromMilliseconds(50), send);
        _run = Task.Run(RunAsync);
    }

    public string Account { get; }

    /// <summary>Codes of what failed, in order.</summary>
    public List<string> Troubles => [.. _answers.Select(answer => answer.Trouble).OfType<string>()];

    public int Answered => _answers.Count(answer => answer.Trouble is null);

    /// <summary>The longest time without an answer that was wanted.</summary>
    public TimeSpan LongestGap => LongestGapSince(0);

    /// <param name="timestamp">What ended before is not looked at.</param>
    public TimeSpan LongestGapSince(long timestamp)
    {
        var ends = _answers.Where(answer => answer.Trouble is null && answer.End >= timestamp).Select(answer => answer.End).ToList();
        return ends.Count < 2 ? TimeSpan.MaxValue : ends.Zip(ends.Skip(1), Stopwatch.GetElapsedTime).Max();
    }

    /// <summary>Reads by its own word, so that a request may be sent again.</summary>
    public static AccountClient Reader(RealCluster cluster, string account, TimeSpan? pause = null) =>
        new(account, pause, _ => cluster.Calls.QueryAsync(account, "SELECT current_database()", readOnly: true));

    /// <summary>Adds one row after the other to <c>written</c>.</summary>
    public static AccountClient Writer(RealCluster cluster, string account) =>
        new(account, null, number => cluster.Calls.QueryAsync(account, $"INSERT INTO written VALUES ({number})"));

    /// <summary>Numbers of the requests that were answered as wanted, and of those whose answer says that it is not known.</summary>
    public (HashSet<int> Done, HashSet<int> Unknown) Outcomes()
    {
        var numbered = _answers.Select((answer, number) => (answer.Trouble, number)).ToList();
        return ([.. numbered.Where(answer => answer.Trouble is null).Select(answer => answer.number)],
            [.. numbered.Where(answer => answer.Trouble == "outcome_unknown").Select(answer => answer.number)]);
    }

    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _enough.Dispose();
    }

    private async Task RunAsync()
    {
        for (var number = 0; !_enough.IsCancellationRequested; number++)
        {
            string? trouble;
            try
            {
                var (status, body) = await _send(number);
                trouble = status == HttpStatusCode.OK ? null : body.GetProperty("code").GetString();
            }
            catch (HttpRequestException exception)
            {
                trouble = exception.Message;
            }

            _answers.Enqueue((Stopwatch.GetTimestamp(), trouble));
            await Task.Delay(_pause);
        }
    }
}
