using System.Collections.Concurrent;
using System.Diagnostics;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Operations;

/// <summary>Requests of an account, so many a second whether or not the ones before have ended, each of which has to succeed.</summary>
internal sealed class Traffic
{
    private readonly ServiceFixture _service;
    private readonly string _account;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentBag<TimeSpan> _times = [];
    private readonly ConcurrentBag<int> _written = [];
    private readonly Task _running;

    private Traffic(ServiceFixture service, string account, int perSecond, bool writes)
    {
        (_service, _account) = (service, account);
        _running = Task.Run(() => RunAsync(TimeSpan.FromSeconds(1.0 / perSecond), writes));
    }

    /// <summary>How many have succeeded.</summary>
    public int Count => _times.Count;

    public TimeSpan Longest => _times.Max();

    /// <summary>The numbers of the writes that were acknowledged.</summary>
    public IReadOnlyCollection<int> Written => _written;

    /// <summary>Reads of the account's items.</summary>
    public static Traffic Reads(ServiceFixture service, string account, int perSecond) => new(service, account, perSecond, writes: false);

    /// <summary>Writes into the account's table <c>written (n int)</c>, a number each.</summary>
    public static Traffic Writes(ServiceFixture service, string account, int perSecond) => new(service, account, perSecond, writes: true);

    /// <summary>Returns when so many more have succeeded.</summary>
    public Task FlowsAsync(int more = 5)
    {
        var count = Count + more;
        return Testing.Eventually.Async(() => Count >= count, Testing.Promised.Within(seconds: 10), "requests are answered");
    }

    /// <summary>Begins no more, and fails where one has failed.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Assert.True(_failures.IsEmpty, $"{_failures.Count} of {_failures.Count + Count} failed: {_failures.FirstOrDefault()}");
        Assert.NotEqual(0, Count);
    }

    private async Task RunAsync(TimeSpan pause, bool writes)
    {
        var under = new List<Task>();
        using var timer = new PeriodicTimer(pause);
        for (var n = 0; !_stop.IsCancellationRequested; n++)
        {
            under.Add(SendAsync(n, writes));
            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(under);
    }

    private async Task SendAsync(int n, bool writes)
    {
        var begin = Stopwatch.GetTimestamp();
        try
        {
            var reply = writes
                ? await _service.TryQueryAsync(_account, "insert into written values ($1)", n)
                : await _service.TryQueryAsync(_account, "select count(*) from item");
            if (reply.Status != 200)
            {
                _failures.Add(reply.ToString());
                return;
            }

            _times.Add(Stopwatch.GetElapsedTime(begin));
            if (writes)
            {
                _written.Add(n);
            }
        }
        catch (HttpRequestException exception)
        {
            _failures.Add(exception.ToString());
        }
    }
}
