using Kataven.Accounts;
using Kataven.Cluster;
using Kataven.Errors;
using Kataven.Grains.Cluster;
using Kataven.Operations;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

/// <summary>What happens to an account's operations when it is suspended or deleted.</summary>
internal sealed partial class AccountOperations(OperationTable table, LostSilos lost, IGrainFactory grains, ILogger<AccountOperations> logger)
{
    /// <summary>How often another one may come in between.</summary>
    private const int Tries = 10;

    /// <summary>The operation that has the account for itself, or null.</summary>
    public Task<Guid?> ClaimantAsync(AccountId account, CancellationToken cancellation) => table.ClaimantAsync(account.Value, cancellation);

    /// <summary>Ends the one that has the account for itself, as failed, and returns when what it left is removed.</summary>
    /// <param name="account">The account.</param>
    /// <param name="reason">Why.</param>
    /// <param name="alsoBackup">False lets a backup come to its end: it only reads.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The deletion that is under way, which nothing ends.</returns>
    public async Task<Guid?> EndAsync(AccountId account, Refusal reason, bool alsoBackup, CancellationToken cancellation)
    {
        if (await table.ClaimantAsync(account.Value, cancellation).ConfigureAwait(false) is not { } id
            || await table.FindAsync(id, cancellation).ConfigureAwait(false) is not { } operation)
        {
            return null;
        }

        if (operation.Kind == OperationKind.Deletion)
        {
            return id;
        }

        if (alsoBackup || operation.Kind != OperationKind.Backup)
        {
            try
            {
                await grains.GetGrain<IOperationGrain>(id).CancelAsync(reason).WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // It was told. Whatever it writes next finds the account stopped.
                LogNotEnded(exception, operation.Kind, id, account.Value);
            }
        }

        return null;
    }

    /// <summary>Begins the deletion of an account, after whatever else is on it; or finds the one that is under way.</summary>
    public async Task<OperationResult> BeginDeletionAsync(AccountId account, bool takesBackup, string actor, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            if (await EndAsync(account, Refusal.Inactive(AccountStatus.Deleting), alsoBackup: true, cancellation).ConfigureAwait(false) is { } underWay)
            {
                return await table.FindAsync(underWay, cancellation).ConfigureAwait(false) is { } found ? OperationResult.Of(found) : OperationResult.Refused(Gone);
            }

            var arguments = takesBackup ? """{"backup":true}""" : """{"backup":false}""";
            var begun = await StartAsync(new OperationRequest(OperationKind.Deletion, account, arguments, [account], actor)).ConfigureAwait(false);
            if (begun.Operation is not null || tries == Tries)
            {
                return begun;
            }
        }
    }

    /// <exception cref="SentEarlierException">A silo was lost since: nothing has begun.</exception>
    private async Task<OperationResult> StartAsync(OperationRequest request)
    {
        SenderMembership.Set(lost.Known);
        return await grains.GetGrain<IOperationGrain>(Guid.NewGuid()).StartAsync(request).ConfigureAwait(false);
    }

    private static readonly Refusal Gone = Refusal.Of(ErrorCode.AccountNotFound, "There is no such account.");
}
