using System.Collections.Concurrent;
using Kataven.Accounts;
using Kataven.Grains.Migrations;
using Kataven.Operations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tenants;

/// <summary>
/// Brings an account that is behind up when it is first used, where <c>Kataven:Migrations:AtFirstUse</c> says so: once in the cluster,
/// since its owner is there once. Where that fails, the account is served as it is.
/// </summary>
internal sealed partial class FirstUseMigration(
    MigrationScripts scripts, AccountStateTable states, IGrainFactory grains, IOptions<MigrationOptions> options, TimeProvider time, ILogger<FirstUseMigration> logger)
{
    /// <summary>How long after one try there is another, when the account is activated then and is behind still.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(10);

    /// <summary>Who wants it, in the audit log.</summary>
    private const string Actor = "kataven first-use";

    private readonly ConcurrentDictionary<AccountId, long> _notBefore = new();

    /// <summary>The operation that brings the account up, begun here or by somebody else; null where the account is to be served as it is.</summary>
    public async Task<Guid?> TryBeginAsync(AccountId account)
    {
        try
        {
            if (!options.Value.AtFirstUse || !await IsBehindAsync(account).ConfigureAwait(false))
            {
                return null;
            }

            var id = Guid.NewGuid();
            var begun = await grains.GetGrain<IOperationGrain>(id)
                .StartAsync(new OperationRequest(OperationKind.Migration, account, "{}", [account], Actor)).ConfigureAwait(false);
            if (begun.Refusal is null)
            {
                return id;
            }

            // A rollout may be on it. A backup, or whatever else takes its time, is not waited for.
            return begun.Refusal.OperationId is { } other
                && await grains.GetGrain<IOperationCatalogGrain>(0).GetAsync(other).ConfigureAwait(false) is { Operation.Kind: OperationKind.Migration }
                    ? other
                    : null;
        }
        catch (Exception exception)
        {
            // Accounts that are known are served while the system database is away.
            LogFailed(exception, account.Value);
            return null;
        }
    }

    /// <summary>Has requests wait until the account is migrated, but for no longer than a request waits.</summary>
    public async Task HoldAsync(AccountId account, Guid migration, TenantPool pool)
    {
        var holder = Guid.NewGuid();
        // The migration has a hold of its own for each run of scripts with a transaction: between them nobody is to see a half of it.
        pool.TryHold(holder, pool.HeldRequestTimeout, keepsLanes: true, outlastsOthers: true);
        // Whichever way this ends, the next activation has no reason to do it again at once.
        PutOff(account);
        try
        {
            if (await grains.GetGrain<IOperationGrain>(migration).WaitAsync().ConfigureAwait(false) is { Operation.Problem: { } problem })
            {
                LogNotMigrated(account.Value, problem.Version, problem.Detail);
            }
        }
        catch (Exception exception)
        {
            LogFailed(exception, account.Value);
        }
        finally
        {
            pool.Release(holder);
        }
    }

    /// <summary>
    /// By the version that was noted: of a script with a lower number that came later nothing is known here. A rollout applies it, and so
    /// does whatever else migrates the account.
    /// </summary>
    private async Task<bool> IsBehindAsync(AccountId account) =>
        scripts.All.Count > 0
        && !(_notBefore.TryGetValue(account, out var last) && time.GetElapsedTime(last) < TryAgainAfter)
        && (await states.FindVersionAsync(account, default).ConfigureAwait(false) is not { } version || version < scripts.All.Max(script => script.Version));

    private void PutOff(AccountId account) => _notBefore[account] = time.GetTimestamp();
}
