namespace Kataven.Grains.Connections;

/// <summary>Opens lanes to one account's database, and closes them.</summary>
internal interface ILaneSource : IAsyncDisposable
{
    Task<LaneGrant> OpenAsync(CancellationToken cancellation);

    /// <summary>Opens a lane whose session only reads, and has short limits.</summary>
    Task<LaneGrant> OpenFastAsync(CancellationToken cancellation);

    /// <summary>Whether PostgreSQL has said or closed nothing since the lane was used last.</summary>
    bool IsAlive(Lane lane);

    /// <summary>Makes a lane that was used as good as new.</summary>
    /// <exception cref="Exception">It cannot be used again.</exception>
    Task ResetAsync(Lane lane, CancellationToken cancellation);

    /// <summary>Closes a lane, and returns when PostgreSQL's side is gone. It never throws.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="isBroken">PostgreSQL's side may still be at work, and is told to end.</param>
    /// <param name="giveUp">Cancelled when the side that is not gone by then is left to itself.</param>
    /// <returns>Whether it is gone.</returns>
    Task<bool> CloseAsync(Lane lane, bool isBroken, CancellationToken giveUp);
}
