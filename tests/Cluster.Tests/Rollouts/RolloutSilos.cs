using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Operations;
using Kataven.Grains.Rollouts;
using Kataven.Operations;
using Kataven.Rollouts;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Kataven.Cluster.Tests.Rollouts;

/// <summary>Two silos on a server of their own, since a rollout is over all of its accounts. Their databases are there and not looked into.</summary>
public sealed class RolloutSilos : IAsyncLifetime
{
    public const int Target = 2;

    private static readonly TimeSpan Patience = Promised.Within(seconds: 20);

    private SiloCluster? _cluster;

    public ClusterServer Server { get; } = new();

    public SiloCluster Cluster => _cluster ?? throw new InvalidOperationException("The fixture has not been started.");

    internal FakeAccounts Accounts { get; } = new();

    public IRolloutBoardGrain Board => Cluster.From(0).GetGrain<IRolloutBoardGrain>(0);

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        _cluster = await SiloCluster.StartAsync(Server, 2, silo =>
        {
            silo.Services.AddSingleton(new RolloutTargets([1, Target]));
            AddWork(silo.Services, OperationKind.Migration);
            AddWork(silo.Services, OperationKind.Restore);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>These accounts are active, and there are no others.</summary>
    public async Task ResetAsync(params string[] accounts)
    {
        // What an earlier test left under way would be part of this one.
        Accounts.ReleaseAll();
        await Eventually.Async(
            async () => await Server.ScalarAsync<long>("SELECT count(*) FROM kataven.operation WHERE status = 'running'") == 0, Patience, "nothing is under way");
        Accounts.Reset();
        await Server.ExecuteAsync("DELETE FROM public.accounts");
        foreach (var account in accounts)
        {
            await AddAsync(account);
        }
    }

    public async Task AddAsync(string account, string status = "active")
    {
        if (await Server.ScalarAsync<long>("SELECT count(*) FROM pg_database WHERE datname = $1", account) == 0)
        {
            await Server.ExecuteAsync($"CREATE DATABASE \"{account}\" TEMPLATE template0");
        }

        await Server.ExecuteAsync(
            $"INSERT INTO public.accounts (account_id, account_name, database_name, status) VALUES ('{account}', '{account}', '{account}', '{status}')");
    }

    public static RolloutRequest Request(int waveSize = 50, int parallelism = 4, int maxFailures = 0, params string[] canaries) =>
        new(null, [.. canaries.Select(AccountId.Parse)], waveSize, parallelism, maxFailures, "tester");

    public async Task<IRolloutGrain> StartAsync(RolloutRequest request)
    {
        var result = await Board.StartAsync(request);
        return Grain((result.Rollout ?? throw new InvalidOperationException(result.Refusal!.Detail)).Id);
    }

    public IRolloutGrain Grain(Guid id) => Cluster.From(0).GetGrain<IRolloutGrain>(id);

    public static async Task<Rollout> GetAsync(IRolloutGrain rollout) => (await rollout.GetAsync(withFailures: true)).Rollout!;

    public static async Task<Rollout> EndAsync(IRolloutGrain rollout)
    {
        await WaitAsync(rollout, state => state.FinishedAt is not null, "the rollout has ended");
        return await GetAsync(rollout);
    }

    public static Task WaitAsync(IRolloutGrain rollout, Func<Rollout, bool> condition, string what) =>
        Eventually.Async(async () => condition(await GetAsync(rollout)), Patience, what);

    public Task BegunAsync(params string[] accounts) =>
        Eventually.Async(() => accounts.All(Accounts.Begun.Contains), Patience, $"{string.Join(", ", accounts)} began");

    private void AddWork(IServiceCollection services, string kind) =>
        services.AddSingleton<IOperationWork>(provider => new FakeWork(kind, provider.GetRequiredService<ILocalSiloDetails>().Name, Accounts));
}
