using System.Globalization;
using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Operations;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Rollouts;

/// <summary>Migrates one account of a rollout, whatever silo dies meanwhile.</summary>
internal sealed partial class RolloutMigration(IGrainFactory grains, TimeProvider time, ILogger<RolloutMigration> logger)
{
    /// <summary>Between two tries to reach the operation.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Returns how it went, which is not before its operation has ended.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/>.</exception>
    public async Task<RolloutOutcome> RunAsync(AccountId account, int target, string actor, CancellationToken stop)
    {
        Guid? begun = null;
        while (true)
        {
            try
            {
                // Whether one was begun whose call failed is told by asking for it.
                if (begun is not { } id || await FindAsync(id, stop).ConfigureAwait(false) is null)
                {
                    begun = id = Guid.NewGuid();
                    if (await StartAsync(id, account, target, actor, stop).ConfigureAwait(false) is { } refusal)
                    {
                        if (await SameMigrationAsync(refusal, account, target, stop).ConfigureAwait(false) is not { } same)
                        {
                            return RolloutOutcome.Of(account, refusal);
                        }

                        begun = id = same;
                    }
                }

                if (await WaitAsync(id, stop).ConfigureAwait(false) is { Status: not OperationStatus.Running } ended)
                {
                    return RolloutOutcome.Of(account, ended);
                }
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LogTriedAgain(exception, account.Value);
            }

            await Task.Delay(Pause, time, stop).ConfigureAwait(false);
        }
    }

    private async Task<Refusal?> StartAsync(Guid id, AccountId account, int target, string actor, CancellationToken stop)
    {
        var arguments = string.Create(CultureInfo.InvariantCulture, $$"""{"target":{{target}}}""");
        var request = new OperationRequest(OperationKind.Migration, account, arguments, [account], actor);
        return (await grains.GetGrain<IOperationGrain>(id).StartAsync(request).WaitAsync(stop).ConfigureAwait(false)).Refusal;
    }

    private async Task<Operation?> WaitAsync(Guid id, CancellationToken stop) =>
        (await grains.GetGrain<IOperationGrain>(id).WaitAsync().WaitAsync(stop).ConfigureAwait(false)).Operation;

    private async Task<Operation?> FindAsync(Guid id, CancellationToken stop) =>
        (await grains.GetGrain<IOperationCatalogGrain>(0).GetAsync(id).WaitAsync(stop).ConfigureAwait(false)).Operation;

    /// <summary>
    /// The operation in the way, where it does what was to be done: it was begun by a former activation whose silo died, and goes on
    /// by itself.
    /// </summary>
    private async Task<Guid?> SameMigrationAsync(Refusal refusal, AccountId account, int target, CancellationToken stop) =>
        refusal is { Code: ErrorCode.OperationRunning, OperationId: { } id }
        && await FindAsync(id, stop).ConfigureAwait(false) is { Kind: OperationKind.Migration } operation
        && operation.AccountId == account.Value
        && JsonNode.Parse(operation.Arguments)?["target"] is JsonValue value
        && value.TryGetValue(out int version)
        && version == target
            ? id
            : null;
}
