using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class RolloutTests(ServiceFixture service)
{
    private const string Path = "/api/admin/rollouts";

    private HttpClient Admin => service.AdminClient();

    [Theory]
    [InlineData("""{"target":0}""", "target")]
    [InlineData("""{"target":"1"}""", "target")]
    [InlineData("""{"target":1.5}""", "target")]
    [InlineData("""{"target":999999}""", "migration")]
    [InlineData("""{"canaries":"acme"}""", "canaries")]
    [InlineData("""{"canaries":["acme","No slug"]}""", "canaries[1]")]
    [InlineData("""{"canaries":[1]}""", "canaries[0]")]
    [InlineData("""{"wave_size":0}""", "wave_size")]
    [InlineData("""{"wave_size":10001}""", "wave_size")]
    [InlineData("""{"parallelism":0}""", "parallelism")]
    [InlineData("""{"parallelism":65}""", "parallelism")]
    [InlineData("""{"max_failures":-1}""", "max_failures")]
    [InlineData("""{"max_failures":1000001}""", "max_failures")]
    [InlineData("""{"max_failures":null}""", "max_failures")]
    [InlineData("""{"waves":1}""", "waves")]
    [InlineData("""{"target":1,"target":1}""", "target")]
    [InlineData("[]", "object")]
    [InlineData("", "JSON")]
    public async Task A_body_of_the_wrong_form_is_refused_by_the_members_name(string body, string named)
    {
        var reply = await Admin.CallAsync(HttpMethod.Post, Path, body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(named, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_canaries_than_a_rollout_takes_are_refused()
    {
        var reply = await Admin.PostAsync(Path, new { canaries = Enumerable.Range(0, 1001).Select(i => $"a{i}") });

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains("1000", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("DELETE", "")]
    [InlineData("PUT", "/pause")]
    [InlineData("DELETE", "/pause")]
    public async Task A_rollout_that_is_not_there_is_not_found(string method, string path)
    {
        foreach (var id in new[] { "0198c2a4-7b1e-7f3a-9c55-2f6d1f0c9a11", "no-id" })
        {
            var reply = await Admin.CallAsync(new HttpMethod(method), $"{Path}/{id}{path}");

            Assert.Equal((404, "rollout_not_found"), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task The_list_is_for_the_administrators_alone()
    {
        var account = await service.AccountOfAsync<RolloutTests>();

        Assert.Equal("admin_only", (await service.Client(account).CallAsync(HttpMethod.Get, Path)).Code);
        Assert.Equal(System.Text.Json.JsonValueKind.Array, (await Admin.CallAsync(HttpMethod.Get, Path)).Ok().GetProperty("rollouts").ValueKind);
    }
}
