using Kataven.Errors;

namespace Kataven.Grains.Connections;

/// <summary>Why a request gets no lane. Each names the setting to change.</summary>
internal static class LaneRefusals
{
    /// <summary>Nobody reads it: whoever asked has gone.</summary>
    public static readonly Refusal CallerGone = new()
    {
        Code = ErrorCode.QueryCancelled,
        Detail = "The client went away before the statement ran.",
        DidNotRun = true,
    };

    /// <summary>Another activation owns the account, which whoever asks again meets.</summary>
    public static readonly Refusal Moved = new()
    {
        Code = ErrorCode.DatabaseUnavailable,
        Detail = "The account has moved to another silo.",
        DidNotRun = true,
    };

    public static Refusal QueueFull(LaneLimits limits) => Overloaded(
        $"{limits.MaxQueue} requests wait for the account's {limits.MaxLanes} lanes: raise Kataven:Tenants:Limits:MaxQueue or :MaxLanes, or the account's max_queue or max_lanes.");

    public static Refusal WaitedTooLong(LaneLimits limits) => Overloaded(
        $"{limits.MaxLanes} of {limits.MaxLanes} lanes were busy for {limits.WaitTimeout.TotalSeconds:0.###} s: raise Kataven:Tenants:Limits:MaxLanes or :WaitTimeout, or the account's max_lanes or wait_timeout_ms.");

    public static Refusal BudgetUsedUp(LaneLimits limits, int budget) => Overloaded(
        $"The {budget} connections that the cluster may hold for accounts were busy for {limits.WaitTimeout.TotalSeconds:0.###} s: raise Kataven:Connections:Budget, or PostgreSQL's max_connections, or the account's wait_timeout_ms.");

    private static Refusal Overloaded(string detail) => new()
    {
        Code = ErrorCode.Overloaded,
        Detail = detail,
        DidNotRun = true,
    };
}
