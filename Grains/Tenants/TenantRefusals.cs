using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;

namespace Kataven.Grains.Tenants;

/// <summary>Why a tenant grain lets nobody in.</summary>
internal static class TenantRefusals
{
    /// <summary>What an account's row says about its requests: null where it is served.</summary>
    public static Refusal? Of(AccountRow? row) => row switch
    {
        null => Refusal.InvalidAccount(),
        { Account.Status: not AccountStatus.Active } => Refusal.Inactive(row.Account.Status),
        { HasDatabase: false } => Refusal.InvalidAccount(),
        _ => null,
    };

    public static Refusal TooManyASecond(int perSecond, TimeSpan wait) => new()
    {
        Code = ErrorCode.RateLimited,
        Detail = $"The account may send {perSecond} requests a second: raise Kataven:Tenants:Limits:RequestsPerSecond, or the account's requests_per_second.",
        RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
        DidNotRun = true,
    };

    public static Refusal TooManyBytes(long limit) => new()
    {
        Code = ErrorCode.Overloaded,
        Detail = $"The account's requests that run and wait are longer than {limit} bytes in memory: send shorter ones or fewer at once, or raise Kataven:Tenants:Limits:MaxRequestBytes.",
        DidNotRun = true,
    };

    /// <summary>A statement that was cancelled for it did run: only what reads may be sent again.</summary>
    public static readonly Refusal Moving = Refusal.Of(ErrorCode.DatabaseUnavailable, "The account is moving to another silo.");

    /// <summary>The operation that has the account took longer than a request may wait.</summary>
    public static Refusal Held(TimeSpan waited) => new()
    {
        Code = ErrorCode.AccountHeld,
        Detail = $"An operation holds the account for longer than the {waited.TotalSeconds:0.###} s that a request waits: send it again, or raise Kataven:Tenants:HeldRequestTimeout.",
        DidNotRun = true,
    };

    public static Refusal TooManyHeld(int maxQueue) => new()
    {
        Code = ErrorCode.AccountHeld,
        Detail = $"An operation holds the account, and {maxQueue} requests wait for its end: raise Kataven:Tenants:Limits:MaxQueue, or the account's max_queue.",
        DidNotRun = true,
    };
}
