using Kataven.Errors;

namespace Kataven.Accounts;

/// <summary>An account, or why not.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AccountResult")]
public sealed record AccountResult([property: Id(0)] Account? Account, [property: Id(1)] Refusal? Refusal)
{
    /// <summary>The account has changed since the caller read it (<see cref="KnownVersion"/>), and nothing was done.</summary>
    public static readonly AccountResult Stale = new(null, null) { IsStale = true };

    [Id(2)]
    public bool IsStale { get; init; }

    public static AccountResult Of(Account account) => new(account, null);

    public static AccountResult Refused(Refusal refusal) => new(null, refusal);
}
