using Kataven.Fuzz.Runs;
using Kataven.Testing.Service;

namespace Kataven.Fuzz.Tests;

/// <summary>What <c>bench/fuzz</c> does for long, for some seconds; always the same cases, or with KATAVEN_FUZZ_SEED others.</summary>
public sealed class ShortRunTests(ServiceFixture service)
{
    /// <summary>No more on a quick machine: case 6,282 says itself that the server stops, and is sent again for all of its account's half minute.</summary>
    private const int Cases = 6_200;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Whatever_is_sent_has_an_answer_of_the_contract_and_leaves_everything_as_it_was()
    {
        var seed = ulong.TryParse(Environment.GetEnvironmentVariable("KATAVEN_FUZZ_SEED"), out var given) ? given : 1;
        var target = new FuzzTarget(service.Address, service.ConnectionString, Environment.ProcessId);
        var actors = await Stage.SetAsync(service.Anonymous);
        var run = new FuzzRun(target, actors);

        await run.RunAsync(seed, Cases, parallel: 8, Within);

        Assert.True(run.Findings.Count == 0, string.Join('\n', run.Findings.Take(10)));
        Assert.Empty(await new Aftermath(target, actors, service.Anonymous).FaultsAsync());
        Assert.InRange(run.Done, 500, Cases);
    }
}
