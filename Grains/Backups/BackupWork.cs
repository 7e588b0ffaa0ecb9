using System.Text.Json.Nodes;
using Kataven.Backups;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Backups;

/// <summary>Makes a backup, which has the operation's own id.</summary>
internal sealed class BackupWork(BackupMaker maker) : IOperationWork
{
    public string Kind => OperationKind.Backup;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var account = await maker.AccountAsync(context.Account, context.Cancellation).ConfigureAwait(false);
        var reason = context.Arguments["reason"]?.GetValue<string>() ?? BackupReason.Manual;
        var backup = await maker.KeepAsync(context, account, reason, 0.95).ConfigureAwait(false);
        return new JsonObject
        {
            ["backup_id"] = backup.Id,
            ["bytes"] = backup.Bytes,
            ["sha256"] = backup.Sha256,
            ["schema_version"] = backup.SchemaVersion,
        };
    }

    public Task CleanUpAsync(OperationContext context) => maker.DiscardAsync(context);
}
