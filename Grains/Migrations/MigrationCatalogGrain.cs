using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Migrations;
using Orleans.Concurrency;

namespace Kataven.Grains.Migrations;

/// <summary>Reads scripts, and accounts' own tables of migrations.</summary>
[StatelessWorker, Reentrant]
internal sealed class MigrationCatalogGrain(MigrationScripts scripts, MigrationRunner runner, SchemaDrift drift, AccountTable accounts, CredentialStore credentials, Adoption adoption)
    : Grain, IMigrationCatalogGrain
{
    public Task<ImmutableArray<MigrationEntry>> ListAsync() =>
        Task.FromResult<ImmutableArray<MigrationEntry>>([.. scripts.All.Select(script => script.Entry)]);

    public async Task<MigrationStatus> StatusAsync(AccountId account) => await CredentialAsync(account) switch
    {
        (null, var refusal) => MigrationStatus.Refused(refusal!),
        var (credential, _) => await runner.StatusAsync(account, credential, default),
    };

    public async Task<MigrationResult> PlanAsync(AccountId account, int? target) => await CredentialAsync(account) switch
    {
        (null, var refusal) => MigrationResult.Refused(refusal!),
        var (credential, _) => await runner.PlanAsync(account, credential, target, default),
    };

    public async Task<SchemaDriftReport> DriftAsync(AccountId account, bool added)
    {
        var (credential, missing) = await CredentialAsync(account);
        if (credential is null)
        {
            return new SchemaDriftReport([], missing);
        }

        var (differences, refusal) = await drift.ReadAsync(account, credential, added, default);
        return new SchemaDriftReport([.. differences], refusal);
    }

    private async Task<(Credential? Credential, Refusal? Refusal)> CredentialAsync(AccountId account)
    {
        if (await accounts.ReadAsync(account, default) is not { } row)
        {
            return (null, Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));
        }

        if (row.HasDatabase && await adoption.EnsureAsync(row.Account, default) is { } refusal)
        {
            return (null, refusal);
        }

        return row.HasDatabase && await credentials.FindAsync(account, default) is { } credential
            ? (credential, null)
            : (null, Databases.Unavailable("The account has no database yet, or it has not been put in order. Its first request, or a repair, does that."));
    }
}
