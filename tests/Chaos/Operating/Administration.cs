using System.Text.Json;
using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Operating;

/// <summary>The administrators' routes, asked until they answer: whoever operates the service does so too while it is disturbed.</summary>
internal sealed class Administration(FrontDoors doors, Recorder recorder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The first answer that is one: not that of a service which cannot be reached now.</summary>
    /// <exception cref="TimeoutException">There was none.</exception>
    public async Task<Reply> AskAsync(HttpMethod method, string path, object? body = null)
    {
        var begun = recorder.Clock.Now;
        while (true)
        {
            var reply = await doors.SendAsync(FrontDoors.Administration, method, $"/api/admin{path}", body);
            if (reply.Status is >= 200 and < 500 && reply.Code != "operation_running")
            {
                return reply;
            }

            if (recorder.Clock.Now - begun > Patience)
            {
                throw new TimeoutException($"{method} {path} had no answer for {Patience.TotalSeconds:0} s, at last {reply.Status} {reply.Code} {reply.Detail}");
            }

            await recorder.Clock.PauseAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }
    }

    /// <summary>The answer of an operation when it has ended. Where the first call's answer was lost it may run twice, one after the other.</summary>
    public async Task<JsonElement> OperateAsync(string path, object? body = null) => await EndAsync(await AskAsync(HttpMethod.Post, path, body));

    /// <summary>The answer of the operation that was begun, when it has ended.</summary>
    public Task<JsonElement> EndAsync(Reply begun) => begun.Outcome == Outcome.Acknowledged
        ? EndAsync($"/operations/{begun.Body.GetProperty("operation_id").GetString()}")
        : throw new InvalidOperationException($"An operation could not be begun: {begun.Status} {begun.Code} {begun.Detail}");

    /// <summary>Without a last backup. Returns when there is no such account any more.</summary>
    public async Task DeleteAsync(string account)
    {
        Reply reply;
        for (var tries = 1; (reply = await AskAsync(HttpMethod.Delete, $"/accounts/{account}?confirm={account}&backup=false")).Code is not ("ok" or "account_not_found"); tries++)
        {
            // A deletion that PostgreSQL's restart ended is begun again.
            if (reply.Code != "operation_failed" || tries == 10)
            {
                throw new InvalidOperationException($"DELETE of {account}: {reply.Status} {reply.Code} {reply.Detail}");
            }
        }
    }

    /// <summary>Waits until something that is under way has ended, however.</summary>
    public async Task<JsonElement> EndAsync(string path)
    {
        var begun = recorder.Clock.Now;
        while (true)
        {
            var reply = await AskAsync(HttpMethod.Get, path);
            if (reply.Outcome != Outcome.Acknowledged || reply.Body.GetProperty("status").GetString() is not "running")
            {
                return reply.Body;
            }

            if (recorder.Clock.Now - begun > Patience)
            {
                throw new TimeoutException($"{path} has not ended in {Patience.TotalSeconds:0} s: {reply.Body}");
            }

            await recorder.Clock.PauseAsync(TimeSpan.FromMilliseconds(150), CancellationToken.None);
        }
    }

    /// <summary>Waits until nothing runs on the account: what a call began whose answer was lost.</summary>
    public async Task WhenIdleAsync(string account)
    {
        var begun = recorder.Clock.Now;
        while ((await AskAsync(HttpMethod.Get, $"/operations?account={account}&status=running")).Body.GetProperty("operations").GetArrayLength() > 0)
        {
            if (recorder.Clock.Now - begun > Patience)
            {
                throw new TimeoutException($"An operation on {account} has not ended in {Patience.TotalSeconds:0} s");
            }

            await recorder.Clock.PauseAsync(TimeSpan.FromMilliseconds(150), CancellationToken.None);
        }
    }
}
