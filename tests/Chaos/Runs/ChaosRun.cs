using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Operating;
using Kataven.Chaos.Planning;
using Kataven.Chaos.Processes;
using Kataven.Testing;

namespace Kataven.Chaos.Runs;

/// <summary>One run of one seed: starts everything, lets clients and faults loose, waits for peace, and looks at what is left.</summary>
internal sealed class ChaosRun(ChaosOptions options)
{
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(60);

    private readonly Recorder _recorder = new(new RunClock());

    /// <summary>What has been seen so far.</summary>
    public Recorder Recorder => _recorder;

    public async Task<RunResult> RunAsync(CancellationToken cancellation)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"kataven-chaos-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder);
        try
        {
            await using var cluster = await ChaosCluster.StartAsync(options, folder);
            await using var doors = new FrontDoors(cluster);
            return await RunAsync(cluster, doors, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<RunResult> RunAsync(ChaosCluster cluster, FrontDoors doors, CancellationToken cancellation)
    {
        var administration = new Administration(doors, _recorder);
        var accounts = new Accounts(cluster, doors, administration, _recorder, options);
        var inspector = new Inspector(cluster.Server, _recorder);
        await accounts.MakeAllAsync();
        var crowd = new Crowd(doors, _recorder, await doors.PromisesAsync(), options);
        foreach (var account in accounts.All)
        {
            crowd.Join(account);
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var asleep = new CancellationTokenSource();
        var sampler = new LaneSampler(cluster.Server, _recorder, Accounts.MaxLanes, ChaosCluster.Budget);
        var sampling = sampler.RunAsync(asleep.Token);
        var begun = _recorder.Clock.Now;
        over.CancelAfter(options.Length);
        await Task.WhenAll(
            new Disruptor(cluster, _recorder, options.Faults.Count == 0 ? [] : FaultPlan.Of(options.Seed, options.Faults)).RunAsync(over.Token),
            OperatorOf(accounts, administration, doors, inspector, crowd).RunAsync(over.Token),
            _recorder.Clock.PauseAsync(options.Length, over.Token));
        await cluster.WhenWholeAsync();
        foreach (var account in accounts.All)
        {
            await account.EndAsync();
        }

        await crowd.WhenDoneAsync();
        await WhenQuietAsync(cluster);
        foreach (var account in accounts.All)
        {
            await TryLookAsync(inspector, account);
        }

        await asleep.CancelAsync();
        await sampling;
        return new RunResult(options.Seed, _recorder.Clock.Now - begun, _recorder.ToHistory(), cluster.Output, sampler.Taken, sampler.Most, sampler.MostOfOne);
    }

    /// <summary>An account whose database is not what it should be does not keep the others from being looked at.</summary>
    private async Task TryLookAsync(Inspector inspector, LiveAccount account)
    {
        try
        {
            await inspector.LookAsync(account, InspectionKind.Quiet);
        }
        catch (Exception exception) when (exception is Npgsql.PostgresException or InvalidOperationException)
        {
            _recorder.Incident($"{account.Account} could not be looked at in the end: {exception.Message}");
        }
    }

    private Operator OperatorOf(Accounts accounts, Administration administration, FrontDoors doors, Inspector inspector, Crowd crowd) => new(
        accounts,
        new SuspensionWork(administration, inspector, _recorder),
        new RestoreWork(administration, inspector, _recorder),
        new CloneWork(administration, doors, inspector, _recorder),
        new RolloutWork(administration, _recorder),
        new RecreationWork(administration, doors, accounts, inspector, crowd, _recorder),
        _recorder,
        options.Works.Count == 0 ? [] : FaultPlan.Of(options.Seed + 1_000_000_007, options.Works));

    /// <summary>What a client has given up may still be under way.</summary>
    private static Task WhenQuietAsync(ChaosCluster cluster) => Eventually.Async(
        () => cluster.Server.RepeatAsync("system", async connection =>
        {
            await using var command = new Npgsql.NpgsqlCommand(
                "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'kataven' AND state <> 'idle')", connection);
            return (bool)(await command.ExecuteScalarAsync())!;
        }),
        QuietWithin,
        "no statement of an account runs");
}
