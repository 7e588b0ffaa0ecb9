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

        // What a process left that died need not wait for the reminder's time.
        _ = Tidy();
    }

    public async Task TidyAsync()
    {
        // One that is under way may have looked before there was something to tidy up.
        await _running;
        await Tidy();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Not waited for: a tick has less time than a long tidying may take.
        _ = Tidy();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _stop.CancelAsync();

    private Task Tidy() => _running.IsCompleted ? _running = RunAsync() : _running;

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
