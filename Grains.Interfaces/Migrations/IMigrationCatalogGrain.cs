using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Migrations;

/// <summary>Which migrations there are, and which an account has. It changes nothing.</summary>
[Alias("kataven.IMigrationCatalogGrain")]
public interface IMigrationCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>The scripts, in the order of their numbers.</summary>
    [Alias("List")]
    Task<ImmutableArray<MigrationEntry>> ListAsync();

    /// <summary>What an account has, what it lacks, and which of its scripts changed or vanished.</summary>
    [Alias("Status")]
    Task<MigrationStatus> StatusAsync(AccountId account);

    /// <summary>What would be applied.</summary>
    [Alias("Plan"), ResponseTimeout("00:02:00")]
    Task<MigrationResult> PlanAsync(AccountId account, int? target);

    /// <summary>In what the account's schema differs from a new account's with the same migrations.</summary>
    /// <param name="account">The account.</param>
    /// <param name="added">Whether what the account has beyond it is told.</param>
    [Alias("Drift"), ResponseTimeout("00:05:00")]
    Task<SchemaDriftReport> DriftAsync(AccountId account, bool added);
}
