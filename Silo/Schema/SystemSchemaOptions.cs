namespace Kataven.Silo.Schema;

/// <summary>Where the service's own tables live, and how long a start waits for their server.</summary>
public sealed record SystemSchemaOptions
{
    /// <summary>The database of the service. Tests that share a server name their own; everything else uses <c>system</c>.</summary>
    public string DatabaseName { get; init; } = "system";

    /// <summary>How long a server that does not answer yet is tried. Work under way on one that does has no limit.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause between two tries.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
