using System.Collections.Concurrent;

namespace Kataven.Cluster.Tests.Rollouts;

/// <summary>What a test sees of accounts that have no databases, on whichever silo their operations run.</summary>
internal sealed class FakeAccounts
{
    private readonly ConcurrentDictionary<string, int> _versions = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private readonly ConcurrentDictionary<string, bool> _dead = new();
    private readonly ConcurrentQueue<string> _begun = new();
    private readonly ConcurrentQueue<string> _applied = new();
    private int _running;
    private int _most;

    /// <summary>Accounts whose migration began, in this order.</summary>
    public IReadOnlyList<string> Begun => [.. _begun];

    /// <summary>Accounts whose migration committed.</summary>
    public IReadOnlyList<string> Applied => [.. _applied];

    public HashSet<string> Failing { get; } = [];

    /// <summary>How many were under way at once, at most.</summary>
    public int Most => _most;

    /// <summary>Whoever comes for the account waits until it is released.</summary>
    public void Hold(params string[] accounts) =>
        Array.ForEach(accounts, account => _held[account] = new(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Release(params string[] accounts) => Array.ForEach(accounts, account => _held[account].TrySetResult());

    public void ReleaseAll() => Release([.. _held.Keys]);

    public void Kill(string silo) => _dead[silo] = true;

    public bool IsDead(string silo) => _dead.ContainsKey(silo);

    public int VersionOf(string account) => _versions.GetValueOrDefault(account);

    public Task PassAsync(string account, CancellationToken cancellation) =>
        _held.TryGetValue(account, out var held) ? held.Task.WaitAsync(cancellation) : Task.CompletedTask;

    public IDisposable Begin(string account)
    {
        _begun.Enqueue(account);
        _most = Math.Max(_most, Interlocked.Increment(ref _running));
        return new Running(this);
    }

    public void Apply(string account, int target)
    {
        _versions[account] = target;
        _applied.Enqueue(account);
    }

    /// <summary>Before each test.</summary>
    public void Reset()
    {
        _versions.Clear();
        _held.Clear();
        _begun.Clear();
        _applied.Clear();
        Failing.Clear();
        _most = 0;
    }

    private sealed class Running(FakeAccounts accounts) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref accounts._running);
    }
}
