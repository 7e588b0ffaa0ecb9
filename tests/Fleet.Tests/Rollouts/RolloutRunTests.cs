using System.Text.Json;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Rollouts;

/// <summary>Each test has the fleet to itself, and leaves no account behind.</summary>
public sealed partial class RolloutRunTests(RolloutService service) : IClassFixture<RolloutService>, IAsyncLifetime
{
    private readonly List<string> _fleet = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var slug in _fleet)
        {
            Assert.Equal(204, (await service.DeleteAsync(slug)).Status);
        }
    }

    [Fact]
    public async Task Canaries_come_first_then_waves_and_no_request_fails()
    {
        var fleet = await NewFleetAsync(6);
        var newest = Add(await service.NewAccountAsync("newest"));
        var untouched = Add(await service.NewByHandAsync());
        var canaries = fleet[4..];
        var traffic = fleet.Append(newest).Select(slug => Traffic.Reads(service, slug, 20)).ToList();
        await Task.WhenAll(traffic.Select(requests => requests.FlowsAsync()));

        var begun = await service.AskAsync("POST", "/rollouts", new { canaries, wave_size = 2, parallelism = 2 });

        Assert.Equal(202, begun.Status);
        var id = begun.Json.GetProperty("rollout_id").GetString();
        Assert.Equal($"/api/admin/rollouts/{id}", begun.Headers.Location?.OriginalString);
        var ended = await EndAsync(id);
        await Task.WhenAll(traffic.Select(requests => requests.FlowsAsync()));
        await Task.WhenAll(traffic.Select(requests => requests.EndAsync()));
        Assert.Equal(("succeeded", 8, 8, 0, 0), Counts(ended));
        Assert.Equal(Scripts.Newest, ended.GetProperty("target").GetInt32());
        Assert.Equal(canaries, ended.GetProperty("canaries").EnumerateArray().Select(canary => canary.GetString()!));
        Assert.Equal(0, ended.GetProperty("failures").GetArrayLength());
        Assert.True(ended.GetProperty("finished_at").GetDateTimeOffset() > ended.GetProperty("started_at").GetDateTimeOffset());
        foreach (var slug in fleet.Append(untouched))
        {
            Assert.Equal(Scripts.Newest, await service.VersionAsync(slug));
        }

        // A wave begins when all of the one before have ended.
        var rest = fleet[..4].Append(untouched).Order(StringComparer.Ordinal).ToArray();
        foreach (var (wave, next) in new[] { (canaries, rest[..2]), (rest[..2], rest[2..4]), (rest[2..4], rest[4..]) })
        {
            Assert.True((await TimesAsync(wave)).Max() <= (await TimesAsync(next)).Min(), $"{wave[0]} and its wave come before {next[0]} and its");
        }

        Assert.Equal(id, (await service.GetAsync("/rollouts")).GetProperty("rollouts")[0].GetProperty("rollout_id").GetString());
        Assert.Equal("invalid_request", (await service.AskAsync("PUT", $"/rollouts/{id}/pause")).Code);
    }

    [Fact]
    public async Task A_canary_that_fails_stops_it_and_is_told_and_served()
    {
        var fleet = await NewFleetAsync(3);
        await service.QueryAsync(fleet[0], "insert into item values (-1, 'below')");

        var ended = await RunAsync(new { canaries = new[] { fleet[0] }, max_failures = 0 });

        Assert.Equal(("stopped", 3, 0, 1, 2), Counts(ended));
        var failure = Assert.Single(ended.GetProperty("failures").EnumerateArray());
        Assert.Equal(
            (fleet[0], 4, "23514"),
            (failure.GetProperty("account_id").GetString(), failure.GetProperty("version").GetInt32(), failure.GetProperty("sql_state").GetString()));
        Assert.Contains("item_id_positive", failure.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal([3, 2, 2], await VersionsAsync(fleet));
        Assert.Equal("below one", await service.ItemsAsync(fleet[0]));
    }

    [Fact]
    public async Task As_many_failures_as_are_allowed_do_not_stop_it()
    {
        var fleet = await NewFleetAsync(3);
        await service.QueryAsync(fleet[1], "insert into item values (-1, 'below')");

        var ended = await RunAsync(new { target = 4, max_failures = 1, wave_size = 1, parallelism = 1 });

        Assert.Equal(("succeeded", 3, 2, 1, 0), Counts(ended));
        Assert.Equal(fleet[1], Assert.Single(ended.GetProperty("failures").EnumerateArray()).GetProperty("account_id").GetString());
        Assert.Equal([4, 3, 4], await VersionsAsync(fleet));
        Assert.Equal("below one", await service.ItemsAsync(fleet[1]));
    }

    [Fact]
    public async Task One_that_is_paused_begins_nothing_until_it_is_resumed()
    {
        var fleet = await NewFleetAsync(3);
        string id;
        await using (await service.KeepWaitingAsync(fleet[0]))
        {
            id = await BeginAsync(new { canaries = new[] { fleet[0] } });
            await service.HeldAsync(fleet[0]);
            var second = await service.AskAsync("POST", "/rollouts", "{}");
            Assert.Equal((409, "rollout_running", id), (second.Status, second.Code, second.Json.GetProperty("rollout_id").GetString()));

            Assert.Equal("paused", (await service.AskAsync("PUT", $"/rollouts/{id}/pause")).Ok().GetProperty("status").GetString());
        }

        // What runs ends; the others' turn does not come.
        await Eventually.Async(async () => Counts(await GetAsync(id)).Succeeded == 1, Promised.Within(seconds: 5), "the canary is migrated");
        Assert.Equal(("paused", 3, 1, 0, 2), Counts(await GetAsync(id)));
        Assert.Equal([4, 2, 2], await VersionsAsync(fleet));
        Assert.Equal("rollout_running", (await service.AskAsync("POST", "/rollouts", "{}")).Code);

        Assert.Equal("running", (await service.AskAsync("DELETE", $"/rollouts/{id}/pause")).Ok().GetProperty("status").GetString());
        Assert.Equal(("succeeded", 3, 3, 0, 0), Counts(await EndAsync(id)));
        Assert.Equal([4, 4, 4], await VersionsAsync(fleet));
    }

    [Fact]
    public async Task One_that_is_aborted_ends_what_runs_and_leaves_the_others()
    {
        var fleet = await NewFleetAsync(2);
        string id;
        await using (await service.KeepWaitingAsync(fleet[0]))
        {
            id = await BeginAsync(new { canaries = new[] { fleet[0] } });
            await service.HeldAsync(fleet[0]);
            (await service.AskAsync("DELETE", $"/rollouts/{id}")).Ok();
        }

        Assert.Equal(("aborted", 2, 1, 0, 1), Counts(await EndAsync(id)));
        Assert.Equal([4, 2], await VersionsAsync(fleet));
        // Another one can begin.
        Assert.Equal(("succeeded", 2, 2, 0, 0), Counts(await RunAsync(new { })));
    }

    /// <summary>Another test of the same process may have counted before: no other rolls out meanwhile.</summary>
    [Fact]
    public async Task Its_metrics_tell_how_many_accounts_it_has_still_to_do_and_how_the_others_ended()
    {
        var fleet = await NewFleetAsync(4);
        await service.QueryAsync(fleet[0], "insert into item values (-1, 'below')");
        var (succeeded, failed, _) = await MetricsAsync();
        string id;
        await using (await service.KeepWaitingAsync(fleet[3]))
        {
            id = await BeginAsync(new { max_failures = 1, wave_size = 3, parallelism = 1 });
            await service.HeldAsync(fleet[3]);
            await TellAsync((succeeded + 2, failed + 1, 1));

            // One that is paused has them still.
            (await service.AskAsync("PUT", $"/rollouts/{id}/pause")).Ok();
            await TellAsync((succeeded + 2, failed + 1, 1));
            (await service.AskAsync("DELETE", $"/rollouts/{id}/pause")).Ok();
        }

        Assert.Equal(("succeeded", 4, 3, 1, 0), Counts(await EndAsync(id)));
        await TellAsync((succeeded + 3, failed + 1, 0));

        // One that stops before its end has none to do any more.
        Assert.Equal(("stopped", 4, 0, 1, 3), Counts(await RunAsync(new { canaries = new[] { fleet[0] } })));
        await TellAsync((succeeded + 3, failed + 2, 0));
    }

    [Fact]
    public async Task Only_active_accounts_are_part_of_it()
    {
        var fleet = await NewFleetAsync(2);
        (await service.AskAsync("PUT", $"/accounts/{fleet[0]}/suspension", "{}")).Ok();

        var refused = await service.AskAsync("POST", "/rollouts", new { canaries = new[] { fleet[0] } });
        Assert.Equal((400, "invalid_request"), (refused.Status, refused.Code));
        Assert.Equal("invalid_request", (await service.AskAsync("POST", "/rollouts", new { canaries = new[] { "never-made" } })).Code);
        Assert.Equal("invalid_request", (await service.AskAsync("POST", "/rollouts", new { target = 99 })).Code);

        Assert.Equal(("succeeded", 1, 1, 0, 0), Counts(await RunAsync(new { target = 3 })));
        Assert.Equal([2, 3], await VersionsAsync(fleet));
    }

    private async Task<string[]> NewFleetAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Add(await service.NewAtAsync(2, "one"));
        }

        // As waves take them.
        _fleet.Sort(StringComparer.Ordinal);
        return [.. _fleet];
    }

    private string Add(string slug)
    {
        _fleet.Add(slug);
        return slug;
    }

    private async Task<string> BeginAsync(object body)
    {
        var begun = await service.AskAsync("POST", "/rollouts", body);
        Assert.True(begun.Status == 202, begun.ToString());
        return begun.Json.GetProperty("rollout_id").GetString()!;
    }

    private async Task<JsonElement> RunAsync(object body) => await EndAsync(await BeginAsync(body));

    private async Task<JsonElement> EndAsync(string? id)
    {
        await Eventually.Async(
            async () => (await GetAsync(id)).GetProperty("finished_at").ValueKind != JsonValueKind.Null, Promised.Within(seconds: 30), "the rollout ends");
        return await GetAsync(id);
    }

    private Task<JsonElement> GetAsync(string? id) => service.GetAsync($"/rollouts/{id}");

    /// <summary>Returns when the metrics say so: an answer may be as old as a third of a second.</summary>
    private async Task TellAsync((double, double, double) expected)
    {
        (double, double, double) told = default;
        try
        {
            await Eventually.Async(async () => (told = await MetricsAsync()) == expected, Promised.Within(seconds: 2), "the metrics tell of the rollout");
        }
        catch (TimeoutException)
        {
            Assert.Equal(expected, told);
        }
    }

    private async Task<(double Succeeded, double Failed, double Pending)> MetricsAsync()
    {
        var lines = (await service.Anonymous.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n');
        return (Of("kataven_rollout_accounts_total", "outcome=\"succeeded\""), Of("kataven_rollout_accounts_total", "outcome=\"failed\""), Of("kataven_rollout_pending", ""));

        // One that was never counted is not there.
        double Of(string name, string label) => (
            from line in lines
            where line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' ' && line.Contains(label, StringComparison.Ordinal)
            select double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[line.Contains('}', StringComparison.Ordinal) ? 0 : 1], System.Globalization.CultureInfo.InvariantCulture)).Sum();
    }

    private async Task<List<int>> VersionsAsync(IEnumerable<string> fleet)
    {
        var versions = new List<int>();
        foreach (var slug in fleet)
        {
            versions.Add(await service.VersionAsync(slug));
        }

        return versions;
    }

    /// <summary>When each account's third migration was applied.</summary>
    private async Task<List<DateTimeOffset>> TimesAsync(IEnumerable<string> slugs)
    {
        var times = new List<DateTimeOffset>();
        foreach (var slug in slugs)
        {
            var applied = (await service.GetAsync($"/accounts/{slug}/migrations")).GetProperty("applied").EnumerateArray();
            times.Add(applied.Single(script => script.GetProperty("version").GetInt32() == 3).GetProperty("applied_at").GetDateTimeOffset());
        }

        return times;
    }

    private static (string? Status, int Total, int Succeeded, int Failed, int Pending) Counts(JsonElement rollout) => (
        rollout.GetProperty("status").GetString(),
        rollout.GetProperty("total").GetInt32(),
        rollout.GetProperty("succeeded").GetInt32(),
        rollout.GetProperty("failed").GetInt32(),
        rollout.GetProperty("pending").GetInt32());
}
