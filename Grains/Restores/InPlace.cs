using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Restores;

/// <summary>Puts a database in the place of an account's own while its requests wait, and keeps what it replaces for a time.</summary>
internal sealed class InPlace(
    AccountTable accounts, CredentialStore credentials, Adoption adoption, WorkingDatabases databases, DatabaseSwap swap, AccountHolds holds, AccountStateTable states,
    IOptions<BackupOptions> options, TimeProvider time)
{
    /// <exception cref="OperationFailedException">The account is not served, or has no database.</exception>
    public async Task<(Account Account, Credential Credential)> AccountAsync(OperationContext context)
    {
        if (await accounts.ReadAsync(context.Account, context.Cancellation).ConfigureAwait(false) is not { } row)
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));
        }

        if (row.Account.Status != AccountStatus.Active && !await IsSwappedAsync(context.Id, context.Cancellation).ConfigureAwait(false))
        {
            throw new OperationFailedException(Refusal.Inactive(row.Account.Status));
        }

        if (await adoption.EnsureAsync(row.Account, context.Cancellation).ConfigureAwait(false) is { } refusal)
        {
            throw new OperationFailedException(refusal);
        }

        return await credentials.FindAsync(context.Account, context.Cancellation).ConfigureAwait(false) is { } credential
            ? (row.Account, credential)
            : throw new OperationFailedException(Databases.Unavailable("The account's database has not been put in order yet. Its first request, or a repair, does that."));
    }

    /// <summary>Both names change at one moment, so the one that the replaced database got tells of both.</summary>
    public Task<bool> IsSwappedAsync(Guid operation, CancellationToken cancellation) =>
        databases.ExistsAsync(WorkingDatabases.ReplacedNameOf(operation), cancellation);

    /// <param name="context">The operation.</param>
    /// <param name="account">The account.</param>
    /// <param name="credential">Its role.</param>
    /// <param name="incoming">The database that is to be the account's.</param>
    /// <param name="version">The version that migrations had brought it to.</param>
    /// <returns>What happened, for the operation's result.</returns>
    public async Task<JsonObject> SwapAsync(OperationContext context, Account account, Credential credential, string incoming, int version)
    {
        var outgoing = WorkingDatabases.ReplacedNameOf(context.Id);
        if (!await IsSwappedAsync(context.Id, context.Cancellation).ConfigureAwait(false))
        {
            await context.StepAsync("restore.hold", 0.9).ConfigureAwait(false);
            await using var hold = await holds.TakeAsync(account.Id, context.Id, context.Cancellation).ConfigureAwait(false);
            await context.StepAsync("restore.swap", 0.92).ConfigureAwait(false);
            await swap.SwapAsync(context, account, credential.Role, incoming, outgoing).ConfigureAwait(false);
            // Written down below: whoever goes on after a crash finds it swapped and has to tell of it all the same.
            context.Arguments["hold_ms"] = (long)hold.Elapsed.TotalMilliseconds;
        }

        // It has happened: whoever wants to end it now is too late.
        if (!context.Cancellation.IsCancellationRequested)
        {
            await context.RememberAsync("hold_ms", context.Arguments["hold_ms"]?.DeepClone()).ConfigureAwait(false);
            await context.StepAsync("restore.finish", 0.98).ConfigureAwait(false);
        }

        await states.SetVersionAsync(account.Id, account.Uid, version, CancellationToken.None).ConfigureAwait(false);
        return new JsonObject
        {
            ["hold_ms"] = context.Arguments["hold_ms"]?.DeepClone(),
            ["replaced_until"] = (time.GetUtcNow() + options.Value.KeepReplaced).ToString("O"),
        };
    }

    /// <summary>Removes the database that was to come, where it has not.</summary>
    public Task RemoveRestsAsync(Guid operation, CancellationToken cancellation) =>
        databases.DropAsync(WorkingDatabases.NameOf(operation), cancellation);
}
