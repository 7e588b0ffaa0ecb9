using System.Text.Json.Nodes;
using Kataven.Backups;
using Kataven.Grains.Operations;
using Kataven.Operations;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Makes a backup, which has the operation's own id.</summary>
internal sealed class BackupWork(BackupMaker maker, BackupTable backups, IOptions<BackupOptions> options, TimeProvider time) : IOperationWork
{
    public string Kind => OperationKind.Backup;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var account = await maker.AccountAsync(context.Account, context.Cancellation).ConfigureAwait(false);
        var reason = context.Arguments["reason"]?.GetValue<string>() ?? BackupReason.Manual;
        await context.StepAsync("backup.begin", 0).ConfigureAwait(false);
        await backups.BeginAsync(context.Id, account, reason, context.Cancellation).ConfigureAwait(false);
        var backup = (await backups.FindAsync(context.Id, context.Cancellation).ConfigureAwait(false))!;
        if (!backup.IsComplete)
        {
            var (dump, contents) = await maker.MakeAsync(context, account, new BackupName(account.Uid, context.Id), 0.95).ConfigureAwait(false);
            await context.StepAsync("backup.record", 0.95).ConfigureAwait(false);
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
        }

        return new JsonObject
        {
            ["backup_id"] = backup.Id,
            ["bytes"] = backup.Bytes,
            ["sha256"] = backup.Sha256,
            ["schema_version"] = backup.SchemaVersion,
        };
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        await backups.FailAsync(context.Id, context.Cancellation).ConfigureAwait(false);
        if (await backups.FindAsync(context.Id, context.Cancellation).ConfigureAwait(false) is { IsComplete: false } backup)
        {
            await maker.RemoveAsync(new BackupName(backup.AccountUid, backup.Id), context.Cancellation).ConfigureAwait(false);
        }
    }
}
