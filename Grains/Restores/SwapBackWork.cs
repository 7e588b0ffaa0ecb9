using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Grains.Restores;

/// <summary>Takes a restore back: the database that it replaced is the account's again, and the restored one is kept for a time.</summary>
internal sealed class SwapBackWork(SystemDatabase system, WorkingDatabases databases, InPlace inPlace) : IOperationWork
{
    public string Kind => OperationKind.SwapBack;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var restore = context.Arguments["restore"]!.GetValue<Guid>();
        var (account, credential) = await inPlace.AccountAsync(context).ConfigureAwait(false);
        var replaced = WorkingDatabases.ReplacedNameOf(restore);
        var version = 0;
        if (!await inPlace.IsSwappedAsync(context.Id, context.Cancellation).ConfigureAwait(false))
        {
            if (!await databases.ExistsAsync(replaced, context.Cancellation).ConfigureAwait(false))
            {
                throw new OperationFailedException(Refusal.Of(ErrorCode.OperationFailed, "The database that was replaced is not kept any more (Kataven:Backups:KeepReplaced)."));
            }

            await databases.AdmitAsync(replaced, context.Cancellation).ConfigureAwait(false);
            version = await VersionAsync(replaced, account, context.Cancellation).ConfigureAwait(false);
            await context.RememberAsync("version", version).ConfigureAwait(false);
        }

        version = context.Arguments["version"]?.GetValue<int>() ?? version;
        var result = await inPlace.SwapAsync(context, account, credential, replaced, version).ConfigureAwait(false);
        result["restore"] = restore;
        return result;
    }

    /// <summary>What was not swapped lets nobody in, as before.</summary>
    public async Task CleanUpAsync(OperationContext context)
    {
        var replaced = WorkingDatabases.ReplacedNameOf(context.Arguments["restore"]!.GetValue<Guid>());
        if (await databases.ExistsAsync(replaced, context.Cancellation).ConfigureAwait(false))
        {
            await databases.ShutAsync(replaced, context.Cancellation).ConfigureAwait(false);
        }
    }

    private async Task<int> VersionAsync(string name, Account account, CancellationToken cancellation)
    {
        await using var inside = await system.OpenInAsync(name, cancellation).ConfigureAwait(false);
        return await MigrationHistory.ReadOwnAsync(inside, account.Uid, cancellation).ConfigureAwait(false) is { } history
            ? MigrationPlan.VersionOf(history)
            : throw new OperationFailedException(Refusal.Of(ErrorCode.IsolationViolation, "The database that was replaced is not the account's."));
    }
}
