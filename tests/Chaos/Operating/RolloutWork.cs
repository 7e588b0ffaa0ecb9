using Kataven.Chaos.Histories;
using Kataven.Chaos.Processes;

namespace Kataven.Chaos.Operating;

/// <summary>Brings all accounts one version further.</summary>
internal sealed class RolloutWork(Administration administration, Recorder recorder)
{
    private int _target;

    public async Task<(TimeSpan Ended, string Result)> RunAsync()
    {
        _target = Math.Min(_target + 1, Migrations.Newest);
        var reply = await administration.AskAsync(HttpMethod.Post, "/rollouts", new { target = _target, parallelism = 2 });
        var rollout = reply.Code == "rollout_running" || reply.Outcome == Outcome.Acknowledged
            ? reply.Body.GetProperty("rollout_id").GetString()
            : throw new InvalidOperationException($"POST /rollouts: {reply.Status} {reply.Code} {reply.Detail}");
        var ended = await administration.EndAsync($"/rollouts/{rollout}");
        var status = ended.GetProperty("status").GetString();
        if (status != "succeeded")
        {
            recorder.Incident($"the rollout to {_target} ended as {status}: {ended.GetProperty("failures")}");
        }

        return (recorder.Clock.Now, $"to {_target} {status}, {ended.GetProperty("total")} accounts");
    }
}
