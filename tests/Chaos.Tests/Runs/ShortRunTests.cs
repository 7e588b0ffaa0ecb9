using Kataven.Chaos.Checking;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Results;
using Kataven.Chaos.Runs;

namespace Kataven.Chaos.Tests.Runs;

/// <summary>What <c>bench/chaos</c> does for long, for a minute; always with the same plan, or with KATAVEN_CHAOS_SEED another.</summary>
public sealed class ShortRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whatever_is_done_to_the_service_for_a_minute_it_keeps_its_promises()
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("KATAVEN_CHAOS_SEED"), out var given) ? given : 1;

        var result = await new ChaosRun(new ChaosOptions { Length = Length, Seed = seed }).RunAsync(TestContext.Current.CancellationToken);

        var report = new RunReport(result, Checker.Check(result.History));
        output.WriteLine(report.ToString());
        Assert.True(report.Violations.Count == 0, $"{report}\n{result.Output}");
        Assert.True(report.Count(Outcome.Acknowledged) > 500, report.ToString());
        Assert.True(result.History.Disturbances.Select(disturbance => disturbance.Kind).Distinct().Count() >= 5, report.ToString());
    }
}
