using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Restores;

/// <summary>
/// Makes a second account with the same data. A small database is copied by PostgreSQL itself while the account's requests wait; a
/// larger one is dumped and restored, and nobody waits.
/// </summary>
internal sealed class CloneWork(
    CloneMethod method, NewAccounts newAccounts, WorkingDatabases databases, RestoredContent content, BackupMaker maker, FormerRole formerRole,
    SystemDatabase system, AccountHolds holds)
    : IOperationWork
{
    public string Kind => OperationKind.Clone;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var source = await maker.AccountAsync(context.Account, context.Cancellation).ConfigureAwait(false);
        if (source.Status != AccountStatus.Active)
        {
            throw new OperationFailedException(Refusal.Inactive(source.Status));
        }

        // Before anything of it is copied: whose database is it?
        var version = await VersionAsync(source, context.Cancellation).ConfigureAwait(false);
        var into = NewAccounts.IntoOf(context)!;
        var (account, credential) = await newAccounts.ReserveAsync(context, into.Value).ConfigureAwait(false);
        if (!await newAccounts.IsPlacedAsync(account, context.Cancellation).ConfigureAwait(false))
        {
            var strategy = await method.ChooseAsync(source.Id, context.Cancellation).ConfigureAwait(false);
            // Written down, since whoever goes on after a crash finds the account in its place and has to tell of it all the same.
            await context.RememberAsync("method", strategy is null ? "dump" : "template").ConfigureAwait(false);
            if (strategy is null)
            {
                await PipeAsync(context, source, credential).ConfigureAwait(false);
            }

            var held = strategy is null ? TimeSpan.Zero : await CopyAsync(context, source, credential, strategy).ConfigureAwait(false);
            await context.RememberAsync("hold_ms", (long)held.TotalMilliseconds).ConfigureAwait(false);
        }

        await newAccounts.PlaceAsync(context, account, version).ConfigureAwait(false);
        var result = new JsonObject
        {
            ["account_id"] = into.Value.Value,
            ["method"] = context.Arguments["method"]?.DeepClone(),
            ["hold_ms"] = context.Arguments["hold_ms"]?.DeepClone(),
        };
        RestoredContent.TellSkipped(context, result);
        return result;
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        await newAccounts.RemoveAsync(context, NewAccounts.IntoOf(context)!.Value).ConfigureAwait(false);
        await content.RemoveRestsAsync(context).ConfigureAwait(false);
        if (context.Arguments["dump_of"]?.GetValue<Guid>() is { } uid)
        {
            await maker.RemoveAsync(new BackupName(uid, context.Id), context.Cancellation).ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan> CopyAsync(OperationContext context, Account source, Credential credential, CopyStrategy strategy)
    {
        var name = WorkingDatabases.NameOf(context.Id);
        TimeSpan held;
        await context.StepAsync("clone.hold", 0.05).ConfigureAwait(false);
        await using (var hold = await holds.TakeAsync(source.Id, context.Id, context.Cancellation).ConfigureAwait(false))
        {
            await context.StepAsync("clone.copy", 0.1).ConfigureAwait(false);
            await databases.CopyAsync(name, source.Id.Value, strategy.Clause, context.Cancellation).ConfigureAwait(false);
            held = hold.Elapsed;
        }

        await context.StepAsync("clone.hand_over", 0.7).ConfigureAwait(false);
        await databases.EquipAsync(name, credential, isCopy: false, context.Cancellation).ConfigureAwait(false);
        await formerRole.ReplaceAsync(name, source.RoleName ?? "", credential.Role, context.Cancellation).ConfigureAwait(false);
        return held;
    }

    private async Task PipeAsync(OperationContext context, Account source, Credential credential)
    {
        var name = new BackupName(source.Uid, context.Id);
        await context.RememberAsync("dump_of", source.Uid).ConfigureAwait(false);
        var (dump, contents) = await maker.MakeAsync(context, source, name, DumpPurpose.Clone, 0.05).ConfigureAwait(false);
        await content.FillAsync(
            context,
            new Backup
            {
                Id = context.Id,
                AccountId = source.Id.Value,
                AccountUid = source.Uid,
                Reason = BackupReason.Manual,
                Status = "complete",
                StartedAt = default,
                Bytes = dump.Stored.Bytes,
                Sha256 = dump.Stored.Sha256,
                Manifest = contents.ToJson(),
            },
            credential).ConfigureAwait(false);
        await maker.RemoveAsync(name, context.Cancellation).ConfigureAwait(false);
    }

    private async Task<int> VersionAsync(Account account, CancellationToken cancellation)
    {
        await using var inside = await system.OpenInAsync(account.Id, cancellation).ConfigureAwait(false);
        return MigrationPlan.VersionOf(await BackupMaker.OwnHistoryAsync(inside, account, cancellation).ConfigureAwait(false));
    }
}
