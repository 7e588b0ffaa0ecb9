using System.Text.Json;
using Kataven.Fleet.Tests.Operations;

namespace Kataven.Fleet.Tests.Backups;

[Collection(FleetCollection.Name)]
public sealed class ScheduleTests(FleetService service)
{
    [Fact]
    public async Task A_schedule_is_set_told_and_taken_away()
    {
        var path = $"/accounts/{await service.NewAccountAsync("schedule")}/backup-schedule";
        Assert.Equal(JsonValueKind.Null, (await service.GetAsync(path)).GetProperty("every").ValueKind);

        var set = (await service.AskAsync("PUT", path, new { every = "1.00:00:00", keep = 7 })).Ok();
        Assert.Equal(("1.00:00:00", 7), Of(set));
        Assert.Equal(("1.00:00:00", 7), Of(await service.GetAsync(path)));
        (await service.AskAsync("PUT", path, new { every = "00:01:00", keep = 1 })).Ok();
        Assert.Equal(("00:01:00", 1), Of(await service.GetAsync(path)));

        Assert.Equal(204, (await service.AskAsync("DELETE", path)).Status);
        var none = await service.GetAsync(path);
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (none.GetProperty("every").ValueKind, none.GetProperty("keep").ValueKind));
    }

    [Theory]
    [InlineData("""{"every":"00:00:59","keep":7}""", "every")]
    [InlineData("""{"every":"-1.00:00:00","keep":7}""", "every")]
    [InlineData("""{"every":"daily","keep":7}""", "every")]
    [InlineData("""{"every":60,"keep":7}""", "every")]
    [InlineData("""{"every":"367.00:00:00","keep":7}""", "every")]
    [InlineData("""{"keep":7}""", "every is missing")]
    [InlineData("""{"every":"1.00:00:00"}""", "keep is missing")]
    [InlineData("""{"every":"1.00:00:00","keep":0}""", "keep")]
    [InlineData("""{"every":"1.00:00:00","keep":-1}""", "keep")]
    [InlineData("""{"every":"1.00:00:00","keep":1.5}""", "keep")]
    [InlineData("""{"every":"1.00:00:00","keep":7,"keep":8}""", "keep")]
    [InlineData("""{"every":"1.00:00:00","keep":7,"at":"noon"}""", "at")]
    [InlineData("", "")]
    public async Task A_schedule_of_the_wrong_form_is_refused_by_name(string body, string named)
    {
        var path = $"/accounts/{await service.AccountOfAsync<ScheduleTests>()}/backup-schedule";

        var reply = await service.AskAsync("PUT", path, body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(named, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await service.GetAsync(path)).GetProperty("every").ValueKind);
    }

    [Theory]
    [InlineData("PUT", """{"every":"1.00:00:00","keep":7}""")]
    [InlineData("GET", null)]
    [InlineData("DELETE", null)]
    public async Task An_account_that_is_not_there_has_no_schedule(string method, string? body) =>
        Assert.Equal("account_not_found", (await service.AskAsync(method, "/accounts/never-made/backup-schedule", body)).Code);

    private static (string? Every, int Keep) Of(JsonElement schedule) => (schedule.GetProperty("every").GetString(), schedule.GetProperty("keep").GetInt32());
}
