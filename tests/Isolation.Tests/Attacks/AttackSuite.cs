using System.Diagnostics;
using System.Text.Json;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Attacks;

/// <summary>Every case over HTTP, as the hostile account, beside its victim.</summary>
public abstract class AttackSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    /// <summary>The deadline of statements that nothing but the service ends.</summary>
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(1);

    public static IEnumerable<TheoryDataRow<string>> Cases() => AttackCatalogue.Rows();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_attack_gets_nothing_and_its_victim_is_served(string id)
    {
        var (arena, attack) = (Service.Arena, AttackCatalogue.Find(id));
        Assert.SkipUnless(attack.RunsOn(arena.ServerMajor), $"Not on PostgreSQL {arena.ServerMajor}.");
        Assert.SkipWhen(attack.IsExhausting && Service is NewestService && !TestScope.IsWhole, TestScope.Reason);
        await arena.AssertVictimIsServedAsync();
        try
        {
            await JudgeAsync(arena, attack, await RunAsync(arena, attack));
        }
        finally
        {
            foreach (var sql in attack.Cleanup)
            {
                await arena.AttackAsync(await arena.FillInAsync(sql));
            }
        }

        await arena.AssertVictimIsServedAsync();
        await arena.AssertHostileIsServedAsync();
        await arena.WhenQuietAsync();
    }

    private static async Task<Outcome> RunAsync(Arena arena, AttackCase attack)
    {
        Reply? reply = null;
        var took = TimeSpan.Zero;
        foreach (var sql in attack.Sql)
        {
            var begun = Stopwatch.GetTimestamp();
            reply = await arena.AttackAsync(await arena.FillInAsync(sql), attack.Requires == "watchdog" ? Watchdog : null);
            took = Stopwatch.GetElapsedTime(begun);
        }

        return new Outcome(reply!, took);
    }

    private static async Task JudgeAsync(Arena arena, AttackCase attack, Outcome outcome)
    {
        var met = false;
        foreach (var expectation in attack.Expect.AnyOf)
        {
            using var filled = JsonDocument.Parse(await arena.FillInAsync(expectation.GetRawText()));
            met |= outcome.Meets(filled.RootElement);
        }

        var reply = outcome.Reply;
        Assert.True(met, $"{attack.Id} ({attack.Severity}) {attack.Title}: answered {reply.Status} {reply.Text[..Math.Min(reply.Text.Length, 2_000)]}");
        Assert.DoesNotContain(arena.Mark, reply.Text, StringComparison.Ordinal);
        Assert.True(attack.NamesCodes || reply.Code is null or "sql_error" or "query_timeout" or "result_too_large" or "outcome_unknown" or "query_cancelled", $"{attack.Id}: {reply}");
        Assert.InRange(outcome.Took.TotalSeconds, 0, attack.MaxSeconds ?? 60);
    }
}
