using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Around;

public sealed class HealthTests(ServiceFixture service)
{
    [Theory]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    public async Task A_process_that_serves_says_so_to_anybody(string path, string status)
    {
        var reply = await service.Anonymous.CallAsync(HttpMethod.Get, path);

        Assert.Equal(200, reply.Status);
        Assert.Equal($$"""{"status":"{{status}}"}""", reply.Text);
    }

    [Fact]
    public async Task Health_is_only_read() =>
        Assert.Equal("method_not_allowed", (await service.Anonymous.CallAsync(HttpMethod.Post, "/health/ready")).Code);
}
