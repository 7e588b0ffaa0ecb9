using System.Text.Json.Nodes;
using Kataven.Grains.Operations;

namespace Kataven.Cluster.Tests.Tenants;

/// <summary>
/// An operation that takes its account when a test lets it, and never gives it back: its silo is killed meanwhile. The next attempt holds
/// nobody up.
/// </summary>
internal sealed class HeldOperation
{
    public const string Kind = "held";

    private readonly TaskCompletionSource<string> _begun = Step<string>();
    private readonly TaskCompletionSource<bool> _mayHold = Step<bool>();
    private readonly TaskCompletionSource<bool> _holds = Step<bool>();
    private readonly TaskCompletionSource<bool> _mayEnd = Step<bool>();

    /// <summary>The name of the silo that it runs on.</summary>
    public Task<string> Begun => _begun.Task;

    /// <summary>Returns when it has the account.</summary>
    public Task HoldAsync()
    {
        _mayHold.TrySetResult(true);
        return _holds.Task;
    }

    /// <summary>The attempt after it ends when it comes to that.</summary>
    public void LetEnd() => _mayEnd.TrySetResult(true);

    private static TaskCompletionSource<T> Step<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It, on one silo.</summary>
    internal sealed class Work(HeldSilos silos, string silo, AccountHolds holds) : IOperationWork
    {
        public string Kind => HeldOperation.Kind;

        public async Task<JsonObject?> RunAsync(OperationContext context)
        {
            var steps = silos.Operation;
            if (context.Attempt > 1)
            {
                await steps._mayEnd.Task.WaitAsync(context.Cancellation);
                return null;
            }

            steps._begun.TrySetResult(silo);
            await steps._mayHold.Task.WaitAsync(context.Cancellation);
            var hold = await holds.TakeAsync(context.Account, context.Id, context.Cancellation);
            steps._holds.TrySetResult(true);
            // Whatever it is told: a process that is gone does nothing more.
            await new TaskCompletionSource().Task;
            await hold.DisposeAsync();
            return null;
        }

        public Task CleanUpAsync(OperationContext context) => Task.CompletedTask;
    }
}
