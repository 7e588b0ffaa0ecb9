using System.Globalization;
using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;
using Kataven.Bench.Results;

namespace Kataven.Bench.Scenarios;

/// <summary>What a load is run with.</summary>
/// <param name="Ground">Below the contenders.</param>
/// <param name="Plan">How long and how much.</param>
/// <param name="Rivals">Those that can run here and are wanted, each made anew, by the size of their pools.</param>
/// <param name="Scenario">The load.</param>
/// <param name="Patience">How long a turn waits for others to leave the machine alone.</param>
internal sealed record Stage(Ground Ground, Plan Plan, Func<int, IEnumerable<Contender>> Rivals, Scenario Scenario, TimeSpan Patience)
{
    private readonly List<ResultEntry> _results = [];

    public IReadOnlyList<ResultEntry> Results => _results;

    /// <summary>The product first.</summary>
    /// <param name="accounts">How many accounts are asked.</param>
    /// <param name="apart">Whether each has the server to itself.</param>
    public IEnumerable<Contender> Contenders(int accounts, bool apart = false) =>
        [new Product(), .. Rivals(RivalPools.SizeFor(accounts, Ground.Needs.MaxConnections, apart))];

    public bool HasQuietRound(string cell, string contender) =>
        _results.Exists(entry => entry.Cell == cell && entry.Contender == contender && entry.Rounds.Exists(round => round.IsQuiet));

    /// <summary>False where a part of the load could not be measured; the others' results are kept.</summary>
    public bool IsWhole { get; set; } = true;

    /// <summary>What is no request's figure: one more value of it.</summary>
    public void Add(string cell, string contender, string what, string unit, double value)
    {
        var facts = FactsOf(cell, contender);
        var fact = facts.Find(fact => fact.What == what);
        if (fact is null)
        {
            facts.Add(fact = new Fact(what, unit, []));
        }

        fact.Values.Add(value);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Scenario.Name} · {cell} · {what}: {value:0.##} {unit}"));
    }

    /// <summary>The same, in words.</summary>
    public void Add(string cell, string contender, string what, string words)
    {
        var facts = FactsOf(cell, contender);
        facts.RemoveAll(fact => fact.What == what);
        facts.Add(new Fact(what, "", [], words));
        Console.WriteLine($"  {Scenario.Name} · {cell} · {what}: {words}");
    }

    public void Add(string cell, string contender, Measurement measurement)
    {
        var entry = EntryOf(cell, contender);
        entry.Rounds.Add(measurement);
        Console.WriteLine($"  {Scenario.Name} · {cell} · {contender,-10} {new Summary(entry with { Rounds = [measurement] })}");
    }

    private List<Fact> FactsOf(string cell, string contender) => EntryOf(cell, contender).Facts;

    private ResultEntry EntryOf(string cell, string contender)
    {
        var entry = _results.Find(entry => entry.Cell == cell && entry.Contender == contender);
        if (entry is null)
        {
            _results.Add(entry = new ResultEntry(Scenario.Name, cell, contender, Plan.IsQuick, TimeProvider.System.GetUtcNow(), []));
        }

        return entry;
    }
}
