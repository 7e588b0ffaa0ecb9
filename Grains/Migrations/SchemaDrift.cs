using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>In what an account's schema differs from that of a new account to which the same migrations were applied.</summary>
internal sealed class SchemaDrift(MigrationScripts scripts, MigrationSessions sessions, MigratedTemplate template)
{
    /// <param name="account">The account.</param>
    /// <param name="credential">Whose database it has to be.</param>
    /// <param name="added">Whether what the account has beyond it is told.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<(IReadOnlyList<SchemaDifference> Differences, Refusal? Refusal)> ReadAsync(
        AccountId account, Credential credential, bool added, CancellationToken cancellation)
    {
        var (history, refusal) = await sessions.ReadAsync(account, credential, cancellation).ConfigureAwait(false);
        if (refusal is not null)
        {
            return ([], refusal);
        }

        var applied = history.Where(row => row.IsInForce).Select(row => row.Version).ToHashSet();
        var expected = await template.SchemaAsync([.. scripts.All.Where(script => applied.Contains(script.Version))], cancellation).ConfigureAwait(false);
        await using var inside = await sessions.OpenServiceAsync(account, cancellation).ConfigureAwait(false);
        var actual = await SchemaFingerprint.ReadAsync(inside, cancellation).ConfigureAwait(false);
        return (SchemaFingerprint.Compare(expected, actual, added), null);
    }
}
