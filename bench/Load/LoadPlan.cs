namespace Kataven.Load;

/// <summary>What is sent, how often, and for how long.</summary>
public sealed record LoadPlan
{
    public required Uri Address { get; init; }

    /// <summary>The n-th request's account and body.</summary>
    public required Func<long, (Target Target, string Body)> Next { get; init; }

    /// <summary>Requests that may be under way at once.</summary>
    public required int Clients { get; init; }

    /// <summary>Requests a second that come whatever the service does; 0: each client sends when its last one is answered.</summary>
    public double Rate { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests after which it ends before its time.</summary>
    public long Count { get; init; } = long.MaxValue;

    /// <summary>Cancelled, it ends it before its time: what is under way is answered, and nothing new is sent.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Whether each latency is kept, so that those of several rounds can be put together.</summary>
    public bool KeepSamples { get; init; }
}
