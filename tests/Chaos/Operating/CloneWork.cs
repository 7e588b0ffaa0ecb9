using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Operating;

/// <summary>Clones an account while it is written to, looks at the copy, and deletes it.</summary>
internal sealed class CloneWork(Administration administration, FrontDoors doors, Inspector inspector, Recorder recorder)
{
    private int _number;

    public async Task<(TimeSpan Ended, string Result)> RunAsync(LiveAccount account)
    {
        var clone = $"clone-{++_number}";
        var begun = recorder.Clock.Now;
        var operation = await administration.OperateAsync($"/accounts/{account.Account}/clones", new { account_id = clone });
        await administration.WhenIdleAsync(account.Account);
        var made = recorder.Clock.Now;
        if (operation.GetProperty("status").GetString() != "succeeded")
        {
            return (made, $"failed: {RestoreWork.ProblemOf(operation)}");
        }

        await inspector.LookAsync(account, InspectionKind.Cloned, clone, begun, made);
        await AskItAsync(clone);
        await administration.DeleteAsync(clone);
        return (made, operation.GetProperty("result").GetProperty("method").GetString()!);
    }

    private async Task AskItAsync(string clone)
    {
        await doors.LearnTokenAsync(clone);
        var reply = await doors.SendAsync(clone, HttpMethod.Post, "/api/query", new { sql = "SELECT current_database()::text", read_only = true });
        if (reply.Outcome == Outcome.Acknowledged && reply.FirstRow[0].GetString() != clone)
        {
            recorder.Incident($"{clone} was asked, and {reply.FirstRow[0]} answered");
        }
    }
}
