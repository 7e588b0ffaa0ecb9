using System.Collections.Concurrent;
using System.Diagnostics;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Around;

public sealed class TraceTests(ServiceFixture service)
{
    [Fact]
    public async Task A_request_s_spans_carry_the_numbers_of_its_path_and_nothing_of_its_statement()
    {
        var trace = ActivityTraceId.CreateRandom();
        var account = await service.NewAccountAsync("trace");
        await service.TokenAsync(account);
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Kataven" or "Microsoft.Orleans.Application",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);

        var reply = await service.Client(account).CallAsync(
            HttpMethod.Post,
            "/api/query",
            new { sql = "select sekret_column, $1", @params = new[] { "sekret value" } },
            ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"));

        Assert.Equal(trace.ToString(), reply.Json.GetProperty("trace_id").GetString());
        // A span ends when its answer has been sent, of which the caller may be told before.
        await Eventually.Async(() => spans.Any(span => span.OperationName == "① route"), TimeSpan.FromSeconds(10), "the request's span has ended");
        var own = spans.Where(span => span.Source.Name == "Kataven").ToList();
        Assert.Superset(
            new HashSet<string> { "① route", "② which account", "③ registry", "④ tenant grain", "⑤ lane", "⑥ run" },
            own.Select(span => span.OperationName).ToHashSet());
        Assert.All(spans, span => Assert.Equal(trace, span.TraceId));
        Assert.All(spans.SelectMany(span => span.TagObjects), tag => Assert.DoesNotContain("sekret", $"{tag.Value}", StringComparison.Ordinal));
        Assert.Equal(account, own.Single(span => span.OperationName == "⑥ run").GetTagItem("kataven.account"));
        Assert.Equal("sql_error", own.Single(span => span.OperationName == "① route").GetTagItem("kataven.code"));
    }
}
