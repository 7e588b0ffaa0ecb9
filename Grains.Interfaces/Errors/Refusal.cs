using Kataven.Accounts;

namespace Kataven.Errors;

/// <summary>An expected failure: a value that crosses a grain call, where an exception would be lost on the way.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Refusal")]
public sealed record Refusal
{
    [Id(0)]
    public required ErrorCode Code { get; init; }

    /// <summary>For people: what was wrong, and which setting to change. Never SQL, a secret, or another account's name.</summary>
    [Id(1)]
    public required string Detail { get; init; }

    [Id(2)]
    public SqlError? Sql { get; init; }

    /// <summary>For <see cref="ErrorCode.AccountInactive"/>.</summary>
    [Id(3)]
    public AccountStatus? AccountStatus { get; init; }

    /// <summary>The statement of a transaction that failed, from 0.</summary>
    [Id(4)]
    public int? StatementIndex { get; init; }

    /// <summary>Seconds for <c>Retry-After</c>, where the catalogue's are not meant.</summary>
    [Id(5)]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>True where the statement provably did not run, so that it can be sent again.</summary>
    [Id(6)]
    public bool DidNotRun { get; init; }

    /// <summary>Slugs to choose from, for <see cref="ErrorCode.AmbiguousAccount"/>.</summary>
    [Id(7)]
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The operation that is in the way, for <see cref="ErrorCode.OperationRunning"/>; the rollout, for <see cref="ErrorCode.RolloutRunning"/>.</summary>
    [Id(8)]
    public Guid? OperationId { get; init; }

    /// <summary>The migration that failed, for <see cref="ErrorCode.MigrationFailed"/>.</summary>
    [Id(9)]
    public int? Version { get; init; }

    /// <summary>True where it is not tried again: it stays so until somebody has set something right, or the request's time is over.</summary>
    [Id(10)]
    public bool IsLasting { get; init; }

    /// <summary>What the sender has to know of the members before it sends again (<see cref="Queries.QueryRequest.Members"/>): a silo was lost since.</summary>
    [Id(11)]
    public long? Members { get; init; }

    public static Refusal Of(ErrorCode code, string detail) => new() { Code = code, Detail = detail };

    /// <summary>The one answer for accounts that are malformed, unknown, or have no database.</summary>
    public static Refusal InvalidAccount(string detail = "There is no such account.") => Of(ErrorCode.InvalidAccount, detail);

    public static Refusal Inactive(AccountStatus status) => new()
    {
        Code = ErrorCode.AccountInactive,
        Detail = $"The account is {AccountStatusText.Of(status)}.",
        AccountStatus = status,
        DidNotRun = true,
    };
}
