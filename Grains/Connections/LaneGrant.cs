using Kataven.Errors;

namespace Kataven.Grains.Connections;

/// <summary>What a request that asked for a lane gets: the lane, or why there is none.</summary>
internal readonly record struct LaneGrant(Lane? Lane, Refusal? Refusal)
{
    /// <summary>The server takes no connections, whoever asks.</summary>
    public bool IsServerAway { get; init; }

    public static LaneGrant Of(Lane lane) => new(lane, null);

    public static LaneGrant Refused(Refusal refusal) => new(null, refusal);
}
