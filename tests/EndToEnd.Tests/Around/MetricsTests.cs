using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Around;

public sealed class MetricsTests(ServiceFixture service)
{
    [Theory]
    [InlineData("kataven_http_requests_total{outcome=\"ok\",route=\"/api/query\"}")]
    [InlineData("kataven_http_requests_total{outcome=\"sql_error\",route=\"/api/query\"}")]
    [InlineData("kataven_http_request_duration_seconds_count{route=\"/api/query\"}")]
    [InlineData("kataven_registry_lookups_total{result=\"ask\"}")]
    [InlineData("kataven_registry_lookups_total{result=\"hit\"}")]
    [InlineData("kataven_tenant_refusals_total{code=\"sql_error\"}")]
    [InlineData("kataven_lane_open_duration_seconds_count{result=\"opened\"}")]
    [InlineData("kataven_lane_wait_duration_seconds_count")]
    [InlineData("kataven_lanes{state=\"open\"}")]
    [InlineData("kataven_lanes{state=\"busy\"}")]
    [InlineData("kataven_lanes{state=\"idle\"}")]
    [InlineData("kataven_requests_waiting")]
    [InlineData("kataven_tenants")]
    [InlineData("kataven_streams_open")]
    [InlineData("kataven_result_size_bytes_total")]
    [InlineData("kataven_feed_available")]
    [InlineData("kataven_feed_accounts")]
    [InlineData("dotnet_gc_collections_total")]
    [InlineData("orleans_catalog_activations")]
    public async Task There_is_a_series_for(string series)
    {
        var account = await service.NewAccountAsync("metrics");
        await service.QueryAsync(account, "select 1");
        await service.TryQueryAsync(account, "select nothing");
        await service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = "select 1" }, ("Accept", "text/csv"));

        var reply = await service.Anonymous.CallAsync(HttpMethod.Get, "/metrics");

        Assert.Equal(200, reply.Status);
        Assert.Contains(reply.Text.Split('\n'), line => line.StartsWith(series, StringComparison.Ordinal));
        Assert.DoesNotContain(account, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("npgsql", reply.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_management_address_names_the_busiest_and_serves_nothing_else()
    {
        var account = await service.NewAccountAsync("busy");
        await service.QueryAsync(account, "select 1");
        using var management = new HttpClient { BaseAddress = service.Management };

        var metrics = await management.CallAsync(HttpMethod.Get, "/metrics", null, ("Accept", "application/openmetrics-text"));

        Assert.Contains($"kataven_account_requests_total{{account=\"{account}\",at=\"front\"}}", metrics.Text, StringComparison.Ordinal);
        Assert.Contains($"kataven_account_lanes{{account=\"{account}\",at=\"silo\",state=\"open\"}} 1", metrics.Text, StringComparison.Ordinal);
        Assert.Contains("kataven_lanes{state=\"open\"}", metrics.Text, StringComparison.Ordinal);
        Assert.Equal("ready", (await management.CallAsync(HttpMethod.Get, "/health/ready")).Ok().GetProperty("status").GetString());
        foreach (var path in new[] { "/", "/api/query", "/docs", "/openapi/v1.json", "/dev/token", "/metrics/", "/api/admin/pools" })
        {
            Assert.Equal("not_found", (await management.CallAsync(HttpMethod.Get, path)).Code);
        }
    }
}
