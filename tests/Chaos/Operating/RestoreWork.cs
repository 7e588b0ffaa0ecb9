using System.Text.Json;
using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Operating;

/// <summary>
/// Backs an account up while it is written to, lets it be written to for a while, and restores it. From then until the restore
/// has ended its writers pause, and its readers do not.
/// </summary>
internal sealed class RestoreWork(Administration administration, Inspector inspector, Recorder recorder)
{
    public async Task<(TimeSpan Ended, string Result)> RunAsync(LiveAccount account, TimeSpan length)
    {
        var begun = recorder.Clock.Now;
        var backup = await administration.OperateAsync($"/accounts/{account.Account}/backups");
        if (StatusOf(backup) != "succeeded")
        {
            return (recorder.Clock.Now, $"backup failed: {ProblemOf(backup)}");
        }

        var made = recorder.Clock.Now;
        await recorder.Clock.PauseAsync(length, CancellationToken.None);
        await account.PauseAsync();
        try
        {
            await administration.WhenIdleAsync(account.Account);
            await inspector.LookAsync(account, InspectionKind.Quiet);
            return (recorder.Clock.Now, await ReplaceAsync(account, backup.GetProperty("operation_id").GetString()!, begun, made));
        }
        finally
        {
            account.Resume();
        }
    }

    private async Task<string> ReplaceAsync(LiveAccount account, string backup, TimeSpan begun, TimeSpan made)
    {
        var closing = recorder.Clock.Now;
        var epoch = account.Epoch + 1;
        await inspector.WriteEpochAsync(account, epoch);
        var closed = recorder.Clock.Now;
        var restore = await administration.OperateAsync($"/accounts/{account.Account}/restores", new { backup_id = backup });
        await administration.WhenIdleAsync(account.Account);
        var happened = await inspector.EpochAsync(account) != epoch;
        var opening = recorder.Clock.Now;
        await inspector.LookAsync(account, happened ? InspectionKind.Restored : InspectionKind.Quiet, begun: begun, made: made);
        await inspector.WriteEpochAsync(account, epoch + 1);
        recorder.Add(new Replacement(account.Life, epoch, closing, closed, opening, recorder.Clock.Now, happened));
        var succeeded = StatusOf(restore) == "succeeded";
        if (succeeded && !happened)
        {
            recorder.Incident($"the restore of {account.Account} is said to have succeeded, and has not happened");
        }

        return succeeded ? "restored" : $"failed: {ProblemOf(restore)}";
    }

    private static string StatusOf(JsonElement operation) => operation.GetProperty("status").GetString()!;

    public static string ProblemOf(JsonElement operation) => operation.GetProperty("problem").ToString();
}
