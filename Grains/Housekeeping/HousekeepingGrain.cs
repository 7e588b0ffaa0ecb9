using Kataven.Housekeeping;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Kataven.Grains.Housekeeping;

/// <summary>Has everything tidied up that there is, one after the other, and never twice at once.</summary>
[Reentrant]
internal sealed partial class HousekeepingGrain(IEnumerable<IHousekeeping> tasks, ILogger<HousekeepingGrain> logger)
    : Grain, IHousekeepingGrain, IRemindable
{
    private const string ReminderName = "tidy up";

    private static readonly TimeSpan TidyEvery = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public async Task BeginAsync()
    {
        // One that is there keeps its time, however often silos start.
        if (await this.GetReminder(ReminderName) is null)
        {
            await this.RegisterOrUpdateReminder(ReminderName, TidyEvery, TidyEvery);
        }
    }

    public Task TidyAsync() => _running.IsCompleted ? _running = RunAsync() : _running;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Not waited for: a tick has less time than a long tidying may take.
        _ = TidyAsync();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _stop.CancelAsync();

    private async Task RunAsync()
    {
        foreach (var task in tasks)
        {
            try
            {
                await task.TidyAsync(_stop.Token);
            }
            catch (Exception exception)
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                LogFailed(exception, task.GetType().Name);
            }
        }
    }
}
