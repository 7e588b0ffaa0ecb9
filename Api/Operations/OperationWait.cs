using Kataven.Api.Tenancy;
using Kataven.Operations;

namespace Kataven.Api.Operations;

/// <summary>Waits for an operation whose outcome is the answer, also where the silo that works on it goes.</summary>
internal static class OperationWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<OperationResult> ForAsync(IGrainFactory grains, Guid id, CancellationToken aborted)
    {
        while (true)
        {
            try
            {
                var result = await grains.GetGrain<IOperationGrain>(id).WaitAsync().WaitAsync(aborted);
                if (result.Operation is not { Status: OperationStatus.Running })
                {
                    return result;
                }
            }
            catch (Exception exception) when (GrainCalls.IsLost(exception) || GrainCalls.IsRejected(exception))
            {
                // It goes on elsewhere.
            }

            await Task.Delay(Pause, aborted);
        }
    }
}
