namespace Kataven.Accounts;

/// <summary>Reads <c>accounts</c> for those who operate the service.</summary>
[Alias("kataven.IAccountCatalogGrain")]
public interface IAccountCatalogGrain : IGrainWithIntegerKey
{
    [Alias("Get")]
    Task<AccountResult> GetAsync(AccountId id);

    [Alias("Facts")]
    Task<AccountFacts> FactsAsync(AccountId id);

    [Alias("List")]
    Task<AccountPage> ListAsync(AccountFilter filter);
}
