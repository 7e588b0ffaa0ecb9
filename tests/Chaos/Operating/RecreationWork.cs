using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Operating;

/// <summary>Deletes an account and makes another of the same slug.</summary>
internal sealed class RecreationWork(Administration administration, FrontDoors doors, Accounts accounts, Inspector inspector, Crowd crowd, Recorder recorder)
{
    public async Task<(TimeSpan Ended, string Result)> RunAsync(int number)
    {
        var former = accounts.Mortal(number);
        await former.PauseAsync();
        await inspector.LookAsync(former, InspectionKind.Quiet);
        former.Resume();
        var life = former.ToHistory() with { Ending = recorder.Clock.Now };
        recorder.Set(life);
        await administration.DeleteAsync(former.Account);
        recorder.Set(life with { Ended = recorder.Clock.Now });
        await AskWhatIsGoneAsync(former);
        await former.EndAsync();
        crowd.Join(await accounts.MakeAgainAsync(number));
        return (recorder.Clock.Now, "");
    }

    private async Task AskWhatIsGoneAsync(LiveAccount former)
    {
        if (await inspector.ExistsAsync(former.Account))
        {
            recorder.Incident($"{former.Account} was deleted, and its database is there");
        }

        var reply = await doors.SendAsync(former.Account, HttpMethod.Post, "/api/query", new { sql = "SELECT 1", read_only = true });
        if (reply.Outcome == Outcome.Acknowledged)
        {
            recorder.Incident($"{former.Account} was deleted, and answers {reply.Body}");
        }
    }
}
