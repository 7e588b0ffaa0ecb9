using Kataven.Accounts;
using Kataven.Errors;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Accounts;

/// <summary>A catalog of one account, or of none.</summary>
internal sealed class OneAccountCatalog : IAccountCatalogGrain
{
    public AccountResult Account { get; set; } = AccountResult.Refused(Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));

    /// <summary>How many calls fail before one is answered.</summary>
    public int Failures { get; set; }

    public Task<AccountResult> GetAsync(AccountId id) => Failures-- > 0
        ? Task.FromException<AccountResult>(new TimeoutException())
        : Task.FromResult(Account);

    public Task<AccountFacts> FactsAsync(AccountId id) => throw new NotSupportedException();

    public Task<AccountPage> ListAsync(AccountFilter filter) => throw new NotSupportedException();
}
