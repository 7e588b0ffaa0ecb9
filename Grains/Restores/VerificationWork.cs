using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Restores;

/// <summary>
/// Proves that a backup restores: into a database of its own, for a role that is made for it, compares, and removes both. The account
/// takes no part in it, and may be gone.
/// </summary>
internal sealed class VerificationWork(BackupTable backups, RestoredContent content, WorkingDatabases databases, AccountRole role) : IOperationWork
{
    public string Kind => OperationKind.Verification;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var id = context.Arguments["backup_id"]!.GetValue<Guid>();
        if (await backups.FindAsync(id, context.Cancellation).ConfigureAwait(false) is not { IsComplete: true } backup)
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.BackupNotFound, "There is no such backup, or it is not complete."));
        }

        await context.StepAsync("restore.check", 0).ConfigureAwait(false);
        // What an earlier attempt made goes first: its role is known by name.
        await RemoveAsync(context).ConfigureAwait(false);
        var owner = new Credential(RoleName.New(), RandomNumberGenerator.GetHexString(48, lowercase: true), Guid.NewGuid(), WasStamped: false);
        await context.RememberAsync("role", owner.Role).ConfigureAwait(false);
        await role.EnsureAsync(owner, context.Cancellation).ConfigureAwait(false);
        await content.FillAsync(context, backup, owner).ConfigureAwait(false);
        await context.StepAsync("verify.remove", 0.95).ConfigureAwait(false);
        await RemoveAsync(context).ConfigureAwait(false);
        await backups.VerifiedAsync(id, context.Cancellation).ConfigureAwait(false);
        var rows = BackupContents.Read(backup.Manifest!).Rows;
        var result = new JsonObject
        {
            ["backup_id"] = id,
            ["tables"] = rows.Tables.Length,
            ["rows"] = rows.Tables.Sum(table => table.Rows),
        };
        RestoredContent.TellSkipped(context, result);
        return result;
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        await RemoveAsync(context).ConfigureAwait(false);
        await content.RemoveRestsAsync(context).ConfigureAwait(false);
    }

    private async Task RemoveAsync(OperationContext context)
    {
        await databases.DropAsync(WorkingDatabases.NameOf(context.Id), context.Cancellation).ConfigureAwait(false);
        if (context.Arguments["role"]?.GetValue<string>() is { } name)
        {
            await role.DropAsync(name, context.Cancellation).ConfigureAwait(false);
        }
    }
}
