using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Operations;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

/// <summary>What happens to an account's operations when it is suspended or deleted.</summary>
internal sealed partial class AccountOperations(OperationTable table, IGrainFactory grains, ILogger<AccountOperations> logger)
{
    /// <summary>Those that only read the account's database, or do not touch it.</summary>
    private static readonly string[] Reading = [OperationKind.Backup, OperationKind.Verification];

    /// <summary>Ends them as failed, and returns when what they left is removed.</summary>
    /// <param name="account">The account.</param>
    /// <param name="reason">Why.</param>
    /// <param name="alsoReading">False lets a backup come to its end.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task EndAsync(AccountId account, Refusal reason, bool alsoReading, CancellationToken cancellation)
    {
        var running = await table.RunningAsync(account.Value, cancellation).ConfigureAwait(false);
        foreach (var (id, kind) in running.Where(operation => alsoReading || !Reading.Contains(operation.Kind)))
        {
            try
            {
                await grains.GetGrain<IOperationGrain>(id).CancelAsync(reason).WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException)
            {
                // It was told. Whatever it writes next finds the account stopped.
                LogNotEnded(exception, kind, id, account.Value);
            }
        }
    }
}
