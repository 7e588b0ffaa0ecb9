using Kataven.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Tenancy;

namespace Kataven.Api.Accounts;

/// <summary>
/// What became of the creation of an account that was asked for again because its answer was lost. Where it had ended by then, its own account
/// is what the second try is refused for.
/// </summary>
internal static class LostCreation
{
    /// <summary>Between the clocks of this process and of PostgreSQL.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);

    /// <param name="calls">Asks what is there.</param>
    /// <param name="creation">What was asked for.</param>
    /// <param name="begun">When.</param>
    /// <param name="answer">What the last try was answered.</param>
    /// <exception cref="UnansweredCall">It cannot be told.</exception>
    public static async Task<AccountResult> SettleAsync(GrainCalls calls, AccountCreation creation, DateTimeOffset begun, AccountResult answer)
    {
        if (answer.Refusal?.Code is not (ErrorCode.AccountExists or ErrorCode.OperationRunning))
        {
            return answer;
        }

        var found = await calls.AskAfterChangeAsync(
            grains => grains.GetGrain<IAccountCatalogGrain>(0), catalog => catalog.GetAsync(creation.Id));
        return found.Account is { } account && IsAskedFor(account, creation.Account) && account.CreatedAt > begun - ClocksDiffer
            ? found
            : throw UnansweredCall.WithUnknownOutcome(null);
    }

    private static bool IsAskedFor(Account account, NewAccount asked) =>
        account.Status == AccountStatus.Active && (account.Name, account.OrgId, account.Limits) == (asked.Name, asked.OrgId, asked.Limits);
}
