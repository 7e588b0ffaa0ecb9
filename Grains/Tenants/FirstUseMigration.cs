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
    /// <summary>How long after a failure it is tried again, when the account is activated then.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(10);

    /// <summary>Longer than any migration; the hold ends with it.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    /// <summary>Who wants it, in the audit log.</summary>
    private const string Actor = "kataven first-use";

    private readonly ConcurrentDictionary<AccountId, long> _failedAt = new();

    public async Task<bool> IsNeededAsync(AccountId account)
    {
        if (!options.Value.AtFirstUse || scripts.All.Count == 0 || (_failedAt.TryGetValue(account, out var failed) && time.GetElapsedTime(failed) < TryAgainAfter))
        {
            return false;
        }

        try
        {
            return await states.FindVersionAsync(account, default).ConfigureAwait(false) is not { } version || version < scripts.All.Max(script => script.Version);
        }
        catch (Exception exception)
        {
            // Accounts that are known are served while the system database is away.
            LogNotLookedUp(exception, account.Value);
            return false;
        }
    }

    /// <summary>Holds the account, migrates it, and opens it again.</summary>
    public async Task RunAsync(AccountId account, TenantPool pool)
    {
        var holder = Guid.NewGuid();
        pool.TryHold(holder, Lease);
        try
        {
            await MigrateAsync(account).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Failed(account);
            LogFailed(exception, account.Value);
        }
        finally
        {
            pool.Release(holder);
        }
    }

    private async Task MigrateAsync(AccountId account)
    {
        var operation = grains.GetGrain<IOperationGrain>(Guid.NewGuid());
        var begun = await operation.StartAsync(new OperationRequest(OperationKind.Migration, account, "{}", [account], Actor)).ConfigureAwait(false);
        if (begun.Refusal?.OperationId is { } other)
        {
            // Somebody else is on it: a rollout, it may be.
            await grains.GetGrain<IOperationGrain>(other).WaitAsync().ConfigureAwait(false);
            return;
        }

        if ((begun.Refusal is null ? await operation.WaitAsync().ConfigureAwait(false) : begun) is { Operation.Problem: { } problem })
        {
            Failed(account);
            LogNotMigrated(account.Value, problem.Version, problem.Detail);
        }
    }

    private void Failed(AccountId account) => _failedAt[account] = time.GetTimestamp();
}
