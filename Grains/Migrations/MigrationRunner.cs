using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Brings an account's database to a version: ① the database is the account's ② what it has is read ③ nobody else migrates it ④ what
/// was left behind is settled ⑤ each script that is missing runs, in the order of the numbers, until one fails.
/// </summary>
internal sealed class MigrationRunner(
    MigrationScripts scripts, MigrationSessions sessions, MigrationSettlement settlement, TransactionRun transactions, StatementwiseRun statements)
{
    /// <param name="account">The account.</param>
    /// <param name="credential">Its role, and whose database it has to be.</param>
    /// <param name="target">The version to come to, or null for the newest. What is applied beyond it stays.</param>
    /// <param name="step">Gets each step's name before it is done, and how much of the whole is done; what it throws ends the run.</param>
    /// <param name="cancellation">Ends the run, which leaves nothing of the script that was under way.</param>
    /// <exception cref="Npgsql.NpgsqlException">The service cannot reach the account's database.</exception>
    public async Task<MigrationResult> ApplyAsync(
        AccountId account, Credential credential, int? target, Func<string, double, Task> step, CancellationToken cancellation)
    {
        var (opened, refusal) = await OpenAsync(account, credential, target, cancellation).ConfigureAwait(false);
        if (opened is null)
        {
            return MigrationResult.Refused(refusal!);
        }

        await using var session = opened;
        return await ApplyAsync(session, target, step, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Opens the account's database for <see cref="PlanAsync(MigrationSession, int?, CancellationToken)"/> and then
    /// <see cref="ApplyAsync(MigrationSession, int?, Func{string, double, Task}, CancellationToken)"/>, once or several times; or says why not.
    /// </summary>
    public async Task<(MigrationSession? Session, Refusal? Refusal)> OpenAsync(
        AccountId account, Credential credential, int? target, CancellationToken cancellation) =>
        scripts.RefusalOf(target) is { } unknown ? (null, unknown) : await sessions.OpenAsync(account, credential, cancellation).ConfigureAwait(false);

    /// <inheritdoc cref="ApplyAsync(AccountId, Credential, int?, Func{string, double, Task}, CancellationToken)"/>
    public async Task<MigrationResult> ApplyAsync(MigrationSession session, int? target, Func<string, double, Task> step, CancellationToken cancellation)
    {
        // It may be some time ago: what counts is read once nobody else can write.
        var history = session.SeenHistory ?? await session.HistoryAsync(cancellation).ConfigureAwait(false);
        if (history.All(row => row.IsApplied) && MigrationPlan.Pending(scripts.All, history, target) is [])
        {
            return new MigrationResult { Version = MigrationPlan.VersionOf(history) };
        }

        if (!await session.TryLockAsync(cancellation).ConfigureAwait(false))
        {
            return MigrationResult.Refused(Refusal.Of(ErrorCode.OperationRunning, "Another migration of the account is under way."));
        }

        await step("migrate.settle", 0).ConfigureAwait(false);
        history = await settlement.SettleAsync(session, cancellation).ConfigureAwait(false);
        try
        {
            return await RunAsync(session, history, MigrationPlan.Pending(scripts.All, history, target), step, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await session.CloseScriptsAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What <see cref="ApplyAsync(AccountId, Credential, int?, Func{string, double, Task}, CancellationToken)"/> would apply.</summary>
    public async Task<MigrationResult> PlanAsync(AccountId account, Credential credential, int? target, CancellationToken cancellation)
    {
        if (scripts.RefusalOf(target) is { } unknown)
        {
            return MigrationResult.Refused(unknown);
        }

        var (history, refusal) = await sessions.ReadAsync(account, credential, cancellation).ConfigureAwait(false);
        if (refusal is not null)
        {
            return MigrationResult.Refused(refusal);
        }

        return PlanOf(history, target);
    }

    /// <inheritdoc cref="PlanAsync(AccountId, Credential, int?, CancellationToken)"/>
    public async Task<MigrationResult> PlanAsync(MigrationSession session, int? target, CancellationToken cancellation) =>
        PlanOf(await session.HistoryAsync(cancellation).ConfigureAwait(false), target);

    public async Task<MigrationStatus> StatusAsync(AccountId account, Credential credential, CancellationToken cancellation)
    {
        var (history, refusal) = await sessions.ReadAsync(account, credential, cancellation).ConfigureAwait(false);
        return refusal is not null ? MigrationStatus.Refused(refusal) : new MigrationStatus
        {
            Version = MigrationPlan.VersionOf(history),
            Applied = [.. history.Where(row => row.IsInForce).Select(row => row.Entry)],
            Pending = [.. MigrationPlan.Pending(scripts.All, history, null).Select(script => script.Entry)],
            Drift = MigrationPlan.Drift(scripts.All, history),
        };
    }

    /// <summary>Settles what an earlier run left behind, and runs nothing. Null, or why not.</summary>
    public async Task<Refusal?> SettleAsync(AccountId account, Credential credential, CancellationToken cancellation)
    {
        var (opened, refusal) = await sessions.OpenAsync(account, credential, cancellation).ConfigureAwait(false);
        if (opened is null)
        {
            return refusal;
        }

        await using var session = opened;
        if (!await session.TryLockAsync(cancellation).ConfigureAwait(false))
        {
            return Refusal.Of(ErrorCode.OperationRunning, "Another migration of the account is under way.");
        }

        await settlement.SettleAsync(session, cancellation).ConfigureAwait(false);
        return null;
    }

    private MigrationResult PlanOf(IReadOnlyList<AppliedMigration> history, int? target) => new()
    {
        Version = MigrationPlan.VersionOf(history),
        Applied = [.. MigrationPlan.Pending(scripts.All, history, target).Select(script => script.Entry)],
    };

    private async Task<MigrationResult> RunAsync(
        MigrationSession session, IReadOnlyList<AppliedMigration> history, IReadOnlyList<MigrationScript> pending, Func<string, double, Task> step, CancellationToken cancellation)
    {
        var steps = new MigrationSteps(step, pending.Count);
        var applied = new List<MigrationEntry>();
        MigrationFailure? failure = null;
        foreach (var script in pending)
        {
            failure = await RunAsync(session, history, script, steps, cancellation).ConfigureAwait(false);
            if (failure is not null)
            {
                break;
            }

            applied.Add(script.Entry);
            steps.Finished();
        }

        return new MigrationResult
        {
            Version = Math.Max(MigrationPlan.VersionOf(history), applied.Select(entry => entry.Version).DefaultIfEmpty().Max()),
            Applied = applied,
            Failure = failure,
        };
    }

    private async Task<MigrationFailure?> RunAsync(
        MigrationSession session, IReadOnlyList<AppliedMigration> history, MigrationScript script, MigrationSteps steps, CancellationToken cancellation)
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            return script.IsTransactional
                ? await transactions.RunAsync(session, script, steps, cancellation).ConfigureAwait(false)
                : await statements.RunAsync(session, script, history.FirstOrDefault(row => row.Version == script.Version), steps, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return MigrationFaults.Cancelled(script);
        }
    }
}
