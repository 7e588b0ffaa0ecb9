using System.Text.Json;
using Kataven.Accounts;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Tenants;

namespace Kataven.Cluster.Tests.Silos;

/// <summary>An account of one test, and its requests as a front door would send them from any silo.</summary>
public sealed class TestAccount
{
    private static int _made;

    private readonly SiloCluster _cluster;

    private TestAccount(SiloCluster cluster, Account account) => (_cluster, Account) = (cluster, account);

    public Account Account { get; private set; }

    public AccountId Id => Account.Id;

    public string Role => Account.RoleName!;

    public static async Task<TestAccount> CreateAsync(SiloCluster cluster, AccountLimits? limits = null)
    {
        var id = AccountId.Parse($"account{Interlocked.Increment(ref _made)}");
        var result = await cluster.From(0).GetGrain<IAccountGrain>(id.Value).CreateAsync(new NewAccount(id.Value, null, limits ?? AccountLimits.Default));
        return new TestAccount(cluster, result.Account ?? throw new InvalidOperationException(result.Refusal!.Detail));
    }

    /// <summary>The account's life, as silo number 0 calls it.</summary>
    public IAccountGrain Grain => _cluster.From(0).GetGrain<IAccountGrain>(Id.Value);

    public ITenantGrain Tenant(int silo) => _cluster.From(silo).GetGrain<ITenantGrain>(Id.Value);

    /// <summary>Who has not looked at the row is never behind it: <c>Stale</c> then means an activation that is going.</summary>
    public async Task<Answer> QueryAsync(string sql, int silo = 0)
    {
        Answer answer;
        do
        {
            answer = await QueryAsync(sql, silo, TenantPool.AnyVersion);
        }
        while (answer.Kind == AnswerKind.Stale);

        return answer;
    }

    public Task<Answer> QueryAsync(string sql, int silo, long version) => RunAsync(sql, silo, version, CancellationToken.None);

    /// <summary>Runs a statement until the test has seen enough of it.</summary>
    public Task RunUntilAsync(string sql, CancellationToken enough) =>
        RunAsync(sql, 0, TenantPool.AnyVersion, enough).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private Task<Answer> RunAsync(string sql, int silo, long version, CancellationToken cancellation) =>
        Tenant(silo).QueryAsync(new QueryRequest(version, new Statement(sql, []), QueryOptions.Default), cancellation);

    public Task<StreamPart> OpenStreamAsync(string sql, int silo = 0) =>
        Tenant(silo).OpenStreamAsync(new StreamRequest(TenantPool.AnyVersion, new Statement(sql, []), QueryOptions.Default, StreamFormat.Csv), CancellationToken.None);

    /// <summary>The one value of a statement that must succeed.</summary>
    public async Task<string> ValueAsync(string sql, int silo = 0) => Value(await QueryAsync(sql, silo));

    /// <summary>Runs a statement that must succeed.</summary>
    public async Task DoneAsync(string sql, int silo = 0) => AssertDone(await QueryAsync(sql, silo));

    public static void AssertDone(Answer answer) =>
        Assert.True(answer.Kind == AnswerKind.Done, $"{answer.Kind} {answer.Refusal?.Code} {answer.Refusal?.Detail}");

    public static string Value(Answer answer)
    {
        AssertDone(answer);
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("rows")[0][0].ToString();
    }

    public Task<long> ConnectionsAsync() => _cluster.Server.ConnectionsOfAsync(Role);

    /// <summary>Statements of the account that PostgreSQL is running now and that contain this text.</summary>
    public Task<long> RunningAsync(string text) => _cluster.Server.ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND state = 'active' AND strpos(query, $2) > 0", Role, text);

    /// <summary>Reads the row anew.</summary>
    public async Task<Account> ReadAsync() =>
        Account = (await _cluster.From(0).GetGrain<IAccountCatalogGrain>(0).GetAsync(Id)).Account!;
}
