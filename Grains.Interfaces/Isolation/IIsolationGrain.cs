using Kataven.Accounts;

namespace Kataven.Isolation;

/// <summary>Looks whether accounts are closed off as they should be. It changes nothing.</summary>
[Alias("kataven.IIsolationGrain")]
public interface IIsolationGrain : IGrainWithIntegerKey
{
    [Alias("Account")]
    Task<AccountIsolationResult> AccountAsync(AccountId id);

    [Alias("Server")]
    Task<ServerIsolationReport> ServerAsync();
}
