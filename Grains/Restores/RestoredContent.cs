using System.Text.Json.Nodes;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Restores;

/// <summary>Fills a database from a backup, beside whatever it is to replace, and proves that what is in it is what was backed up.</summary>
internal sealed partial class RestoredContent(
    SystemDatabase system, WorkingDatabases databases, BackupArchive archive, FormerRole formerRole, DumpSlots slots, ILogger<RestoredContent> logger)
{
    /// <summary>How many statements of the archive failed and were passed over: a member of the operation's arguments, and of its result.</summary>
    private const string Skipped = "skipped";

    /// <summary>What the first of them failed at.</summary>
    private const string SkippedBecause = "skipped_because";

    /// <summary>The argument that names the former role, for which a stand-in may be there.</summary>
    private const string Former = "former_role";

    /// <param name="context">The operation, whose working database is filled.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="owner">The account's role, and its own id: whatever is in the backup gets no more rights than it has.</param>
    /// <exception cref="OperationFailedException">It is not whole, cannot be restored, or is not the same afterwards.</exception>
    public async Task FillAsync(OperationContext context, Backup backup, Credential owner)
    {
        var (name, cancellation) = (WorkingDatabases.NameOf(context.Id), context.Cancellation);
        var contents = BackupContents.Read(backup.Manifest ?? throw Failed("The backup has no list of its contents."));
        try
        {
            await using var slot = await slots.TakeAsync(cancellation).ConfigureAwait(false);
            await context.StepAsync("restore.make", 0.05).ConfigureAwait(false);
            await databases.MakeAsync(name, owner, cancellation).ConfigureAwait(false);
            var sameRole = contents.Role == owner.Role;
            if (!sameRole)
            {
                // Noted first: whoever removes what a failure leaves may find the backup gone.
                await context.RememberAsync(Former, contents.Role).ConfigureAwait(false);
                await formerRole.EnsureAsync(contents.Role, cancellation).ConfigureAwait(false);
            }

            await context.StepAsync("restore.fill", 0.1).ConfigureAwait(false);
            var outcome = await archive.RestoreAsync(
                new BackupName(backup.AccountUid, backup.Id),
                new StoredBackup(backup.Bytes!.Value, backup.Sha256!),
                contents.Rows.DatabaseBytes,
                name,
                owner,
                sameRole,
                new OperationProgress(context, 0.1, 0.8, backup.Bytes.Value),
                cancellation).ConfigureAwait(false);
            await NoteAsync(context, outcome).ConfigureAwait(false);
            if (!sameRole)
            {
                await formerRole.ReplaceAsync(name, contents.Role, owner.Role, cancellation).ConfigureAwait(false);
                await formerRole.RemoveAsync(contents.Role, cancellation).ConfigureAwait(false);
            }

            await context.StepAsync("restore.compare", 0.8).ConfigureAwait(false);
            await CompareAsync(name, contents, owner, outcome, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is BackupCorruptException or BackupStoreException or PgToolException { IsConnectionLost: false })
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.OperationFailed, exception.Message), exception);
        }
    }

    /// <summary>Tells, in an operation's result, what of the archive was passed over; nothing where the operation has filled no database.</summary>
    public static void TellSkipped(OperationContext context, JsonObject result)
    {
        if (context.Arguments[Skipped]?.GetValue<int>() is not { } skipped)
        {
            return;
        }

        result[Skipped] = skipped;
        if (skipped > 0)
        {
            result[SkippedBecause] = context.Arguments[SkippedBecause]?.DeepClone();
        }
    }

    /// <summary>Removes what a filling that failed has of its own beside the working database, once that is gone.</summary>
    public async Task RemoveRestsAsync(OperationContext context)
    {
        if (context.Arguments[Former]?.GetValue<string>() is { } role)
        {
            await formerRole.RemoveAsync(role, context.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Written down: whoever goes on after a crash may find the database in its place, and has to tell of it all the same.</summary>
    private async Task NoteAsync(OperationContext context, RestoreOutcome outcome)
    {
        context.Arguments[SkippedBecause] = outcome.SkippedBecause;
        await context.RememberAsync(Skipped, outcome.Skipped).ConfigureAwait(false);
        if (outcome.Skipped > 0)
        {
            LogSkipped(context.Id, context.Account.Value, outcome.Skipped);
        }
    }

    /// <summary>The service's own schema is not in the dump: what it said of migrations is written anew.</summary>
    private async Task CompareAsync(string name, BackupContents contents, Credential owner, RestoreOutcome outcome, CancellationToken cancellation)
    {
        await using (var inside = await system.OpenInAsync(name, cancellation).ConfigureAwait(false))
        {
            var stamp = await DatabaseStamp.ReadAsync(inside, cancellation).ConfigureAwait(false);
            if (!stamp.IsOf(owner.AccountUid))
            {
                throw Failed("What was restored is not stamped as the account's.");
            }

            await MigrationHistory.WriteAllAsync(inside, contents.Migrations, cancellation).ConfigureAwait(false);
            if (contents.Structure?.Differences(await SchemaFingerprint.StructureAsync(inside, cancellation).ConfigureAwait(false)) is { Count: > 0 } differing)
            {
                throw Failed($"The schema that was restored is not the one that was backed up: {string.Join("; ", differing)}." + Passed(outcome));
            }
        }

        var differences = contents.Rows.Differences(await archive.ManifestAsync(owner, name, cancellation).ConfigureAwait(false));
        if (differences.Count > 0)
        {
            throw Failed($"What was restored is not what was backed up: {string.Join("; ", differences)}.");
        }
    }

    /// <summary>Where a policy is missing this is why, and a failed operation has no result that would tell.</summary>
    private static string Passed(RestoreOutcome outcome) =>
        outcome.Skipped == 0 ? "" : $" Statements that failed and were passed over: {outcome.Skipped}. The first: {outcome.SkippedBecause}";

    private static OperationFailedException Failed(string detail) => new(Refusal.Of(ErrorCode.OperationFailed, detail));
}
