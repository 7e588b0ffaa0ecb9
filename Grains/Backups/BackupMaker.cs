using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>Dumps an account's database into the store, with what has to stand beside it. The account serves on.</summary>
internal sealed class BackupMaker(
    SystemDatabase system, AccountTable accounts, BackupTable backups, BackupArchive archive, IBackupStore store, DumpSlots slots,
    Adoption adoption, IOptions<BackupOptions> options, TimeProvider time)
{
    /// <summary>Makes a backup that is kept, by the operation's own id.</summary>
    /// <param name="context">The operation.</param>
    /// <param name="account">The account.</param>
    /// <param name="reason">One of <see cref="BackupReason"/>.</param>
    /// <param name="until">How far the operation is when it is done, from 0 to 1.</param>
    /// <exception cref="OperationFailedException">It cannot be made.</exception>
    public async Task<Backup> KeepAsync(OperationContext context, Account account, string reason, double until)
    {
        await context.StepAsync("backup.begin", 0).ConfigureAwait(false);
        await backups.BeginAsync(context.Id, account, reason, context.Cancellation).ConfigureAwait(false);
        var backup = (await backups.FindAsync(context.Id, context.Cancellation).ConfigureAwait(false))!;
        if (backup.IsComplete)
        {
            return backup;
        }

        var (dump, contents) = await MakeAsync(context, account, new BackupName(account.Uid, context.Id), DumpPurpose.Backup, until).ConfigureAwait(false);
        await context.StepAsync("backup.record", until).ConfigureAwait(false);
        backup = backup with
        {
            Bytes = dump.Stored.Bytes,
            Sha256 = dump.Stored.Sha256,
            SchemaVersion = contents.Version,
            ServerVersion = dump.ServerVersion,
            Manifest = contents.ToJson(),
            KeepUntil = reason == BackupReason.Last ? time.GetUtcNow() + options.Value.KeepDeleted : null,
        };
        await backups.CompleteAsync(backup, context.Cancellation).ConfigureAwait(false);
        return backup;
    }

    /// <summary>Removes what an operation that failed has of its backup, unless that is complete.</summary>
    public async Task DiscardAsync(OperationContext context)
    {
        await backups.FailAsync(context.Id, context.Cancellation).ConfigureAwait(false);
        if (await backups.FindAsync(context.Id, context.Cancellation).ConfigureAwait(false) is { IsComplete: false } backup)
        {
            try
            {
                await RemoveAsync(new BackupName(backup.AccountUid, backup.Id), context.Cancellation).ConfigureAwait(false);
            }
            catch (BackupStoreException)
            {
                // A store that is away keeps no operation running: the file goes when the row of the failed backup does.
            }
        }
    }

    /// <summary>Dumps, and nothing else.</summary>
    /// <param name="context">The operation.</param>
    /// <param name="account">The account.</param>
    /// <param name="name">What it is called in the store.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="until">How far the operation is when it is done, from 0 to 1.</param>
    /// <exception cref="OperationFailedException">It cannot be made. Nothing of it is in the store.</exception>
    public async Task<(DumpedBackup Dump, BackupContents Contents)> MakeAsync(
        OperationContext context, Account account, BackupName name, DumpPurpose purpose, double until)
    {
        var cancellation = context.Cancellation;
        await using var slot = await slots.TakeAsync(cancellation).ConfigureAwait(false);
        await context.StepAsync("backup.dump", 0).ConfigureAwait(false);
        try
        {
            BackupContents? contents = null;
            var progress = await ProgressAsync(context, account, until).ConfigureAwait(false);
            var dump = await archive.DumpAsync(
                account.Id,
                name,
                purpose,
                progress,
                async snapshot =>
                {
                    contents = await LookAsync(account, snapshot, cancellation).ConfigureAwait(false);
                    await context.ConfirmAsync().ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
            return (dump, contents! with { Rows = dump.Manifest });
        }
        catch (Exception exception) when (exception is PgToolException { IsConnectionLost: false } or BackupStoreException)
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.OperationFailed, exception.Message), exception);
        }
    }

    public Task RemoveAsync(BackupName name, CancellationToken cancellation) => store.DeleteAsync(name, cancellation);

    /// <summary>One that nobody has used yet, or not since an upgrade, is put in order first.</summary>
    /// <exception cref="OperationFailedException">There is no such account, or it has no database.</exception>
    public async Task<Account> AccountAsync(AccountId id, CancellationToken cancellation)
    {
        var account = await accounts.ReadAsync(id, cancellation).ConfigureAwait(false) switch
        {
            null => throw new OperationFailedException(Refusal.Of(ErrorCode.AccountNotFound, "There is no such account.")),
            { HasDatabase: false } => throw new OperationFailedException(Databases.Unavailable("The account has no database.")),
            var row => row.Account,
        };
        return await adoption.EnsureAsync(account, cancellation).ConfigureAwait(false) is { } refusal ? throw new OperationFailedException(refusal) : account;
    }

    /// <summary>Sees what the dump saw. What the database has in the place of the service's own tables is looked at before it is read.</summary>
    private async Task<BackupContents> LookAsync(Account account, string snapshot, CancellationToken cancellation)
    {
        await using var inside = await system.OpenInAsync(account.Id, cancellation).ConfigureAwait(false);
        await using var transaction = await inside.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
        await using (var command = new NpgsqlCommand($"SET TRANSACTION SNAPSHOT {Sql.Literal(snapshot)}", inside, transaction))
        {
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        var history = await OwnHistoryAsync(inside, account, cancellation).ConfigureAwait(false);
        return new BackupContents(BackupManifest.None, await SchemaFingerprint.StructureAsync(inside, cancellation).ConfigureAwait(false), history, account.RoleName ?? "");
    }

    /// <summary>What was applied to a database that is the account's.</summary>
    /// <exception cref="OperationFailedException">It is not the account's.</exception>
    public static async Task<IReadOnlyList<AppliedMigration>> OwnHistoryAsync(NpgsqlConnection inside, Account account, CancellationToken cancellation)
    {
        return await MigrationHistory.ReadOwnAsync(inside, account.Uid, cancellation).ConfigureAwait(false)
            ?? throw new OperationFailedException(Refusal.Of(ErrorCode.IsolationViolation, "The database behind the account is not the account's: nothing was read."));
    }

    /// <summary>A dump is compressed, to about a third as a rule: the progress comes close to its end, and stays there.</summary>
    private async Task<IProgress<long>> ProgressAsync(OperationContext context, Account account, double until) =>
        new OperationProgress(context, 0, until, Math.Max(1, await system.SizeOfAsync(account.Id.Value, context.Cancellation).ConfigureAwait(false) / 3));
}
