using System.Threading.Channels;
using Kataven.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// Feeds the silo's copy of <c>accounts</c>. One loop does all the reading, one statement at a time, and asks
/// about every account that was named meanwhile: by what the server noted, or by somebody who wants the truth of now
/// (<see cref="RefreshAsync(AccountId, CancellationToken)"/>). So a flood of questions about unknown accounts is
/// one statement in flight, and no older answer overtakes a newer one.
/// </summary>
internal sealed partial class AccountFeed(
    AccountDirectory directory,
    SystemDatabase system,
    TimeProvider time,
    ILogger<AccountFeed> logger) : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>A change is in force within a second, of which a front door's memory may take half.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>The whole table: for what no trigger noted, be it switched off, and for a database that went or came by hand.</summary>
    private static readonly TimeSpan ReadAllEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AdvanceEvery = TimeSpan.FromSeconds(10);

    /// <summary>What is forgotten was over that long ago: many times what any feed may be behind before it reads the whole table.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    // A suspension must not wait for connections on which databases are being made. The second one is for upkeep.
    private readonly SystemDatabase _own = system.WithPoolOf(2);
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Batch _next = new();
    private volatile bool _available;
    private string? _seen;
    private long _readAllAt;

    /// <summary>Whether the system database answered when it was asked last.</summary>
    public bool IsAvailable => _available;

    /// <summary>Returns when the copy has what the table had at some moment after the call.</summary>
    /// <exception cref="Exception">The system database could not be read.</exception>
    public Task RefreshAsync(AccountId id, CancellationToken cancellation)
    {
        Task done;
        lock (_lock)
        {
            _next.Ids.Add(id);
            done = _next.Done.Task;
        }

        _wake.Writer.TryWrite(true);
        return done.WaitAsync(cancellation);
    }

    /// <inheritdoc cref="RefreshAsync(AccountId, CancellationToken)"/>
    public Task RefreshOrganisationsAsync(IEnumerable<string> organisations, CancellationToken cancellation)
    {
        Task done;
        lock (_lock)
        {
            _next.Organisations.UnionWith(organisations);
            done = _next.Done.Task;
        }

        _wake.Writer.TryWrite(true);
        return done.WaitAsync(cancellation);
    }

    private AccountTable Table => new(_own);

    private AccountChangeLog Changes => new(_own);

    /// <summary>
    /// It runs for as long as grains do, which a hosted service does not: a silo that has joined and knows nothing would
    /// refuse what it should serve, and one that drains would not hear of a suspension.
    /// </summary>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(AccountFeed),
        ServiceLifecycleStage.ApplicationServices,
        cancellation => Task.Run(() => StartAsync(cancellation), cancellation),
        cancellation => Task.Run(() => StopAsync(cancellation), CancellationToken.None));

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAllAsync(cancellationToken);
        _available = true;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _own.DisposeAsync();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ReadLoopAsync(stoppingToken), LookLoopAsync(stoppingToken), AdvanceLoopAsync(stoppingToken), ForgetLoopAsync(stoppingToken));

    private async Task ReadLoopAsync(CancellationToken stopping)
    {
        await foreach (var wake in _wake.Reader.ReadAllAsync(stopping))
        {
            Batch batch;
            lock (_lock)
            {
                batch = _next;
                _next = new Batch();
            }

            try
            {
                await ReadAsync(batch, stopping);
                if (!_available)
                {
                    _available = true;
                    LogReadAgain();
                }

                batch.Done.TrySetResult();
            }
            catch (Exception exception)
            {
                // Whatever this batch was about is read then, from a server that need not be the one it was.
                _seen = null;
                if (_available && !stopping.IsCancellationRequested)
                {
                    _available = false;
                    LogReadFailed(exception);
                    // A connection that was cut is found out by using it, and the next one may serve.
                    _wake.Writer.TryWrite(true);
                }

                batch.Done.TrySetException(exception);
                // Nobody need have waited for it.
                _ = batch.Done.Task.Exception;
            }
        }
    }

    private async Task ReadAsync(Batch batch, CancellationToken stopping)
    {
        if (_seen is not { } seen || time.GetElapsedTime(_readAllAt) >= ReadAllEvery)
        {
            await ReadAllAsync(stopping);
            return;
        }

        if (batch.Looks)
        {
            var changes = await Changes.SinceAsync(seen, stopping);
            if (changes.Everything)
            {
                await ReadAllAsync(stopping);
                return;
            }

            batch.Ids.UnionWith(changes.Ids);
            seen = changes.Snapshot;
        }

        if (batch.Organisations.Count > 0)
        {
            directory.Apply([], await Table.ReadByOrganisationsAsync(batch.Organisations, stopping));
        }

        if (batch.Ids.Count > 0)
        {
            directory.Apply(batch.Ids, await Table.ReadAsync(batch.Ids, stopping));
        }

        _seen = seen;
    }

    private async Task ReadAllAsync(CancellationToken cancellation)
    {
        // The snapshot is older than what is read: a change in between is read twice, and none is missed.
        var (snapshot, begun) = (await Changes.SnapshotAsync(cancellation), time.GetTimestamp());
        directory.ApplyAll(await Table.ReadAllAsync(cancellation));
        (_seen, _readAllAt) = (snapshot, begun);
    }

    private async Task LookLoopAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            lock (_lock)
            {
                _next.Looks = true;
            }

            _wake.Writer.TryWrite(true);
        }
    }

    private async Task AdvanceLoopAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(AdvanceEvery, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await KeepUpAsync(() => Changes.AdvanceNotificationsAsync(stopping), stopping);
        }
    }

    private async Task ForgetLoopAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(ForgetAfter, time);
        string? former = null;
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await KeepUpAsync(async () =>
            {
                var now = await Changes.SnapshotAsync(stopping);
                if (former is not null)
                {
                    await Changes.ForgetAsync(former, stopping);
                }

                former = now;
            }, stopping);
        }
    }

    /// <summary>Nothing depends on it: what fails is logged and tried again.</summary>
    private async Task KeepUpAsync(Func<Task> act, CancellationToken stopping)
    {
        try
        {
            await act();
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // The server's owner does not want it done.
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // The loop that reads says so when the server is away.
            if (_available)
            {
                LogUpkeepFailed(exception);
            }
        }
    }

    private sealed class Batch
    {
        public HashSet<AccountId> Ids { get; } = [];

        public HashSet<string> Organisations { get; } = [];

        /// <summary>Whether changes that the server noted are to be looked for.</summary>
        public bool Looks { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
