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

    public void Add(string cell, string contender, Measurement measurement)
    {
        var entry = _results.Find(entry => entry.Cell == cell && entry.Contender == contender);
        if (entry is null)
        {
            _results.Add(entry = new ResultEntry(Scenario.Name, cell, contender, Plan.IsQuick, TimeProvider.System.GetUtcNow(), []));
        }

        entry.Rounds.Add(measurement);
        Console.WriteLine($"  {Scenario.Name} · {cell} · {contender,-10} {new Summary(entry with { Rounds = [measurement] })}");
    }
}
