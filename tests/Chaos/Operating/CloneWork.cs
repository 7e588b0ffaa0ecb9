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
        var reply = await administration.AskAsync(HttpMethod.Post, $"/accounts/{account.Account}/clones", new { account_id = clone });
        // Where the first answer was lost the second says that the copy is there, or comes to be: its operation has ended when none runs.
        var isAskedTwice = reply.Code == "account_exists";
        var (isMade, result) = isAskedTwice ? (true, "asked for twice") : await WhenMadeAsync(reply);
        await administration.WhenIdleAsync(account.Account);
        var made = recorder.Clock.Now;
        if (!isMade || (isAskedTwice && !await IsThereAsync(clone)))
        {
            return (made, isMade ? "failed after it was asked for twice" : result);
        }

        await inspector.LookAsync(account, InspectionKind.Cloned, clone, begun, made);
        await AskItAsync(clone);
        await administration.DeleteAsync(clone);
        return (made, result);
    }

    private async Task<(bool IsMade, string Result)> WhenMadeAsync(Reply begun)
    {
        var operation = await administration.EndAsync(begun);
        return operation.GetProperty("status").GetString() == "succeeded"
            ? (true, operation.GetProperty("result").GetProperty("method").GetString()!)
            : (false, $"failed: {RestoreWork.ProblemOf(operation)}");
    }

    private async Task<bool> IsThereAsync(string account) =>
        (await administration.AskAsync(HttpMethod.Get, $"/accounts/{account}")).Outcome == Outcome.Acknowledged;

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
