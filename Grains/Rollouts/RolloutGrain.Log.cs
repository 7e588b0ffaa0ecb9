using Kataven.Rollouts;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Rollouts;

internal sealed partial class RolloutGrain
{
    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} to version {Target} goes on: {Phase}, wave {Wave}")]
    private partial void LogGoesOn(Guid rollout, int target, RolloutPhase phase, int wave);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} is at wave {Wave}, {Left} accounts are left")]
    private partial void LogWave(Guid rollout, int wave, int left);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} ended as {Status}: {Failed} accounts failed, {Left} are left")]
    private partial void LogEnded(Guid rollout, RolloutStatus status, int failed, int left);

    [LoggerMessage(LogLevel.Error, "Rollout {Rollout} could not go on; it is tried again")]
    private partial void LogStepFailed(Exception exception, Guid rollout);

    [LoggerMessage(LogLevel.Warning, "Rollout {Rollout} is another activation's now")]
    private partial void LogTakenOver(Exception exception, Guid rollout);

    [LoggerMessage(LogLevel.Warning, "The reminder of rollout {Rollout}, which has ended, is still there; it is removed later")]
    private partial void LogReminderLeft(Exception exception, Guid rollout);
}
