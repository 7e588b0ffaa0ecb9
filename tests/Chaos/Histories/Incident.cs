namespace Kataven.Chaos.Histories;

/// <summary>What whoever disturbs the service found wrong at once: a process that ended by itself, an operation that did not end.</summary>
internal sealed record Incident(TimeSpan At, string What);
