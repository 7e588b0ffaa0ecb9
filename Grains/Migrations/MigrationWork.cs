using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Operations;
using Kataven.Migrations;
using Kataven.Operations;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Brings one account to a version. Its requests wait while scripts run that have a transaction; beside the others, which take their
/// time and lock little, it is served.
/// </summary>
internal sealed class MigrationWork(
    MigrationScripts scripts, MigrationRunner runner, AccountTable accounts, CredentialStore credentials, AccountStateTable states, AccountHolds holds,
    IGrainFactory grains) : IOperationWork
{
    public string Kind => OperationKind.Migration;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var (account, cancellation) = (context.Account, context.Cancellation);
        var target = context.Arguments["target"]?.GetValue<int>();
        var credential = await CredentialAsync(account, cancellation).ConfigureAwait(false);
        var plan = await runner.PlanAsync(account, credential, target, cancellation).ConfigureAwait(false);
        ThrowIfFailed(plan);
        var applied = Applied(context);
        var result = plan with { Applied = [] };
        foreach (var (last, isTransactional) in Segments(plan.Applied))
        {
            result = await RunAsync(context, credential, last, isTransactional).ConfigureAwait(false);
            applied.AddRange(result.Applied);
            await states.SetVersionAsync(account, result.Version, cancellation).ConfigureAwait(false);
            if (result is { Failure: not null } or { Refusal: not null })
            {
                break;
            }

            // Whoever goes on after a crash tells of these too.
            await context.RememberAsync("applied", Json(applied)).ConfigureAwait(false);
        }

        if (plan.Applied.Count == 0)
        {
            // What an earlier attempt left is settled, and the fleet's overview knows.
            result = await runner.ApplyAsync(account, credential, target, context.StepAsync, cancellation).ConfigureAwait(false);
            await states.SetVersionAsync(account, result.Version, cancellation).ConfigureAwait(false);
        }

        ThrowIfFailed(result);
        return new JsonObject { ["version"] = result.Version, ["applied"] = Json(applied) };
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        if (await accounts.ReadAsync(context.Account, context.Cancellation).ConfigureAwait(false) is { Account.Status: AccountStatus.Active, HasDatabase: true }
            && await credentials.FindAsync(context.Account, context.Cancellation).ConfigureAwait(false) is { } credential)
        {
            await runner.SettleAsync(context.Account, credential, context.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Scripts that follow each other and are held for alike, by the last one's number.</summary>
    private IEnumerable<(int Last, bool IsTransactional)> Segments(IReadOnlyList<MigrationEntry> pending)
    {
        var transactional = scripts.All.Where(script => script.IsTransactional).Select(script => script.Version).ToHashSet();
        for (var i = 0; i < pending.Count; i++)
        {
            var kind = transactional.Contains(pending[i].Version);
            if (i + 1 == pending.Count || transactional.Contains(pending[i + 1].Version) != kind)
            {
                yield return (pending[i].Version, kind);
            }
        }
    }

    private async Task<MigrationResult> RunAsync(OperationContext context, Credential credential, int last, bool isTransactional)
    {
        if (!isTransactional)
        {
            return await runner.ApplyAsync(context.Account, credential, last, context.StepAsync, context.Cancellation).ConfigureAwait(false);
        }

        await context.StepAsync("migrate.hold", 0).ConfigureAwait(false);
        await using var hold = await holds.TakeAsync(context.Account, context.Id, context.Cancellation).ConfigureAwait(false);
        return await runner.ApplyAsync(context.Account, credential, last, context.StepAsync, context.Cancellation).ConfigureAwait(false);
    }

    private async Task<Credential> CredentialAsync(AccountId account, CancellationToken cancellation)
    {
        if (await accounts.ReadAsync(account, cancellation).ConfigureAwait(false) is not { } row)
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));
        }

        if (row.Account.Status != AccountStatus.Active)
        {
            throw new OperationFailedException(Refusal.Inactive(row.Account.Status));
        }

        if (!row.HasDatabase)
        {
            throw new OperationFailedException(Databases.Unavailable("The account has no database."));
        }

        return await credentials.FindAsync(account, cancellation).ConfigureAwait(false) ?? await AdoptAsync(account, cancellation).ConfigureAwait(false);
    }

    /// <summary>It was put there by hand, and nobody has used it yet: a rollout, or the migration at its first use, comes before its first lane.</summary>
    private async Task<Credential> AdoptAsync(AccountId account, CancellationToken cancellation)
    {
        if ((await grains.GetGrain<IAccountGrain>(account.Value).AdoptAsync().WaitAsync(cancellation).ConfigureAwait(false)).Refusal is { } refusal)
        {
            throw new OperationFailedException(refusal);
        }

        return await credentials.FindAsync(account, cancellation).ConfigureAwait(false)
            ?? throw new OperationFailedException(Databases.Unavailable("The account's database could not be put in order."));
    }

    private static void ThrowIfFailed(MigrationResult result)
    {
        if (result.Refusal is { } refusal)
        {
            throw new OperationFailedException(refusal);
        }

        if (result.Failure is { } failure)
        {
            throw new OperationFailedException(MigrationFaults.RefusalOf(failure));
        }
    }

    private static List<MigrationEntry> Applied(OperationContext context) =>
    [
        .. from entry in context.Arguments["applied"]?.AsArray() ?? []
           select new MigrationEntry
           {
               Version = entry["version"]!.GetValue<int>(),
               Description = entry["description"]!.GetValue<string>(),
               Checksum = entry["checksum"]!.GetValue<string>(),
           },
    ];

    private static JsonArray Json(IEnumerable<MigrationEntry> entries) =>
    [
        .. entries.DistinctBy(entry => entry.Version).Select(entry => new JsonObject
        {
            ["version"] = entry.Version,
            ["description"] = entry.Description,
            ["checksum"] = entry.Checksum,
        }),
    ];
}
