using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Results;
using Kataven.Bench.Scenarios;
using Npgsql;

namespace Kataven.Bench;

/// <summary>Runs the loads one after the other, on a server that lasts as long as it has what the next one needs.</summary>
internal sealed class BenchRun(BenchOptions options, CancellationToken cancellation) : IAsyncDisposable
{
    private static readonly IReadOnlyList<Func<int, Contender>> Rivals = [size => new Baseline(size), size => new Multiplexed(size), size => new BehindPgBouncer(size), size => new GoTwin(size)];

    private readonly Plan _plan = Plan.Of(options);
    private readonly Addresses _addresses = new();
    private readonly ResultBook _book = ResultBook.Open();
    private Ground? _ground;

    /// <returns>The exit code: 0 where every load was measured.</returns>
    public static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellation)
    {
        if (options.List)
        {
            AllScenarios.List.ToList().ForEach(scenario => Console.WriteLine($"{scenario.Name,-12} {scenario.Words}"));
            return 0;
        }

        await using var run = new BenchRun(options, cancellation);
        return await run.RunAsync() ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ground is { } ground)
        {
            _ground = null;
            await ground.DisposeAsync();
        }
    }

    private async Task<bool> RunAsync()
    {
        foreach (var unknown in options.Only.Except(AllScenarios.List.Select(scenario => scenario.Name)))
        {
            throw new ArgumentException($"{unknown} is no load: {string.Join(", ", AllScenarios.List.Select(scenario => scenario.Name))}");
        }

        foreach (var rival in Rivals.Select(make => make(1)).Where(rival => rival.Missing is not null))
        {
            Console.WriteLine($"Without {rival.Name}: {rival.Missing}");
        }

        if (options.Only.Count > 0 && _book.Entries.Count == 0)
        {
            Console.WriteLine("There are no results of other loads in artifacts/bench/results.json: bench/RESULTS.md will have these alone.");
        }

        var whole = true;
        foreach (var scenario in AllScenarios.List.Where(scenario => options.Only.Count == 0 || options.Only.Contains(scenario.Name)))
        {
            whole &= await RunAsync(scenario);
        }

        return whole;
    }

    private async Task<bool> RunAsync(Scenario scenario)
    {
        Console.WriteLine($"{scenario.Name}: {scenario.Words}");
        try
        {
            var ground = await GroundAsync(scenario.Needs(_plan));
            var stage = new Stage(ground, _plan, size => Rivals.Select(make => make(size)).Where(rival => scenario.Rivals.Contains(rival.Name) && IsWanted(rival)), scenario, options.Patience);
            await scenario.RunAsync(stage, cancellation);
            await _book.ReplaceAsync(scenario.Name, stage.Results, cancellation);
            await ResultsDocument.WriteAsync(_book, ground.Server.ServerVersion, cancellation);
            return stage.IsWhole;
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or NpgsqlException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Console.WriteLine($"  {scenario.Name} was not measured: {failure.Message}");
            return false;
        }
    }

    private bool IsWanted(Contender rival) => rival.Missing is null && (options.Contenders.Count == 0 || options.Contenders.Contains(rival.Name));

    private async Task<Ground> GroundAsync(GroundNeeds needs)
    {
        if (_ground?.Needs != needs)
        {
            await DisposeAsync();
            _ground = await Ground.StartAsync(needs, options, _addresses, cancellation);
        }

        return _ground;
    }
}
