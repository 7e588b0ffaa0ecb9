using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Operating;

/// <summary>Suspends an account for a while.</summary>
internal sealed class SuspensionWork(Administration administration, Inspector inspector, Recorder recorder)
{
    public async Task<(TimeSpan Ended, string Result)> RunAsync(LiveAccount account, TimeSpan length)
    {
        var asked = recorder.Clock.Now;
        await SucceedAsync(HttpMethod.Put, account);
        var inForce = recorder.Clock.Now;
        var left = await inspector.ConnectionsAsync(account.Account);
        await recorder.Clock.PauseAsync(length, CancellationToken.None);
        var resuming = recorder.Clock.Now;
        await SucceedAsync(HttpMethod.Delete, account);
        recorder.Add(new Suspension(account.Account, asked, inForce, resuming, recorder.Clock.Now, left));
        return (recorder.Clock.Now, $"{(inForce - asked).TotalMilliseconds:0} ms until in force");
    }

    private async Task SucceedAsync(HttpMethod method, LiveAccount account)
    {
        var reply = await administration.AskAsync(method, $"/accounts/{account.Account}/suspension");
        if (reply.Outcome != Outcome.Acknowledged)
        {
            throw new InvalidOperationException($"{method} of a suspension: {reply.Status} {reply.Code} {reply.Detail}");
        }
    }
}
