using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Operations;
using Npgsql;

namespace Kataven.Grains.Rollouts;

/// <summary>How it went with one account.</summary>
/// <param name="Account">The account.</param>
/// <param name="End">How.</param>
/// <param name="Version">The version that it is at, or the one that failed.</param>
/// <param name="SqlState">As PostgreSQL reported it.</param>
/// <param name="Message">What was wrong.</param>
internal sealed record RolloutOutcome(AccountId Account, RolloutEnd End, int? Version = null, string? SqlState = null, string? Message = null)
{
    /// <summary>Reasons that go away by themselves, or take the account out of the rollout.</summary>
    private static readonly HashSet<ErrorCode> Passing =
    [
        ErrorCode.OperationRunning, ErrorCode.AccountHeld, ErrorCode.AccountInactive, ErrorCode.AccountNotFound,
        ErrorCode.DatabaseUnavailable, ErrorCode.Overloaded,
        // The target was looked at in the beginning: a silo that still has the scripts of the version before knows it not yet.
        ErrorCode.InvalidRequest,
    ];

    /// <param name="account">The account.</param>
    /// <param name="operation">Its migration, which has ended.</param>
    public static RolloutOutcome Of(AccountId account, Operation operation) => operation.Status == OperationStatus.Succeeded
        ? new RolloutOutcome(account, RolloutEnd.Succeeded, VersionOf(operation.Result))
        : Of(account, operation.Problem ?? Refusal.Of(ErrorCode.OperationFailed, "The migration failed."));

    public static RolloutOutcome Of(AccountId account, Refusal refusal) => new(
        account,
        Passing.Contains(refusal.Code) || refusal.Sql?.SqlState == PostgresErrorCodes.TooManyConnections ? RolloutEnd.PutOff : RolloutEnd.Failed,
        refusal.Version,
        refusal.Sql?.SqlState,
        refusal.Sql?.Message ?? refusal.Detail);

    private static int? VersionOf(string? result) =>
        result is not null && JsonNode.Parse(result)?["version"] is JsonValue value && value.TryGetValue(out int version) ? version : null;
}
