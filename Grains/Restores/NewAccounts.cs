using System.Text.Json;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;

namespace Kataven.Grains.Restores;

/// <summary>
/// Accounts that are made with content: their row is there first and is not served, their database is filled under the operation's
/// name, and gets the slug's when it is whole.
/// </summary>
internal sealed class NewAccounts(
    AccountTable table, CredentialStore credentials, AccountRole role, AccountDatabase database, AccountRemoval removal, WorkingDatabases databases, AccountStateTable states)
{
    /// <summary>The argument that names the account which was made: once it is served nothing else tells that it was this operation's.</summary>
    private const string Made = "made";

    private static readonly AccountStatus[] Unfinished = [AccountStatus.Provisioning];

    /// <summary>The account that an operation makes, or null.</summary>
    public static AccountId? IntoOf(OperationContext context) =>
        context.Arguments["into"]?.GetValue<string>() is { } slug ? AccountId.Parse(slug) : null;

    /// <summary>Takes the slug, and makes the account's role.</summary>
    /// <exception cref="OperationFailedException">The slug is taken.</exception>
    public async Task<(Account Account, Credential Credential)> ReserveAsync(OperationContext context, AccountId into)
    {
        var cancellation = context.Cancellation;
        await context.StepAsync("account.reserve", 0.01).ConfigureAwait(false);
        if (await table.ReadAsync(into, cancellation).ConfigureAwait(false) is not { } row)
        {
            if (await database.ExistsAsync(into, cancellation).ConfigureAwait(false))
            {
                throw Taken("A database of that name exists on the server.");
            }

            await credentials.RequireKeyAsync(cancellation).ConfigureAwait(false);
            var account = context.Arguments["account"].Deserialize<NewAccount>() ?? new NewAccount(into.Value, null, AccountLimits.Default);
            await table.TryReserveAsync(into, account, MarkOf(context), cancellation).ConfigureAwait(false);
            row = (await table.ReadAsync(into, cancellation).ConfigureAwait(false))!;
        }

        if (context.Arguments[Made]?.GetValue<Guid>() != row.Account.Uid)
        {
            if (!IsMine(context, row.Account))
            {
                throw Taken("The slug is taken.");
            }

            await context.RememberAsync(Made, row.Account.Uid).ConfigureAwait(false);
        }

        var credential = await credentials.EnsureAsync(into, cancellation).ConfigureAwait(false);
        await role.EnsureAsync(credential, cancellation).ConfigureAwait(false);
        return (row.Account, credential);
    }

    /// <summary>Whether the account's database has its name already.</summary>
    public async Task<bool> IsPlacedAsync(Account account, CancellationToken cancellation) =>
        await database.IsMarkedAsync(account, cancellation).ConfigureAwait(false);

    /// <summary>Gives the working database the account's name, and has it served.</summary>
    public async Task PlaceAsync(OperationContext context, Account account, int version)
    {
        var cancellation = context.Cancellation;
        await context.StepAsync("account.place", 0.95).ConfigureAwait(false);
        await context.ConfirmAsync().ConfigureAwait(false);
        if (!await IsPlacedAsync(account, cancellation).ConfigureAwait(false)
            && !await database.TryPlaceAsync(WorkingDatabases.NameOf(context.Id), account, cancellation).ConfigureAwait(false))
        {
            throw Taken("A database of that name exists on the server.");
        }

        await credentials.MarkStampedAsync(account.Id, account.Uid, cancellation).ConfigureAwait(false);
        await states.SetVersionAsync(account.Id, account.Uid, version, cancellation).ConfigureAwait(false);
        await context.StepAsync("account.activate", 0.99).ConfigureAwait(false);
        await table.TrySetStatusAsync(account, Unfinished, AccountStatus.Active, null, cancellation).ConfigureAwait(false);
    }

    /// <summary>Removes what an operation that failed has made of the account, and nothing of anybody else's.</summary>
    public async Task RemoveAsync(OperationContext context, AccountId into)
    {
        var cancellation = context.Cancellation;
        await databases.DropAsync(WorkingDatabases.NameOf(context.Id), cancellation).ConfigureAwait(false);
        if (await table.ReadAsync(into, cancellation).ConfigureAwait(false) is not { } row || !IsMine(context, row.Account))
        {
            return;
        }

        await removal.RemoveAsync(row.Account, cancellation).ConfigureAwait(false);
    }

    private static string MarkOf(OperationContext context) => $"operation {context.Id}";

    private static bool IsMine(OperationContext context, Account account) =>
        account.Status == AccountStatus.Provisioning && account.StatusReason == MarkOf(context);

    private static OperationFailedException Taken(string detail) => new(Refusal.Of(ErrorCode.AccountExists, detail));
}
