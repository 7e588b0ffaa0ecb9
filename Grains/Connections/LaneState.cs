namespace Kataven.Grains.Connections;

/// <summary>What a lane does now.</summary>
internal enum LaneState
{
    /// <summary>Its connection is being opened.</summary>
    Opening,

    /// <summary>It waits for a request.</summary>
    Idle,

    /// <summary>A request has it, or a group of reads.</summary>
    Busy,

    /// <summary>What the last request did to its session is taken back.</summary>
    Resetting,

    /// <summary>It cannot be used again. It counts until PostgreSQL's side is gone.</summary>
    Broken,

    /// <summary>It is not needed, and counts until PostgreSQL's side is gone.</summary>
    Closing,
}
