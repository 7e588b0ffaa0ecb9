using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Tenants;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Tenants;

[Collection<TwoSilosCollection>]
public sealed class DirectCallTests(TwoSilos silos)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task Only_the_silo_that_has_the_activation_can_be_called_directly()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        Assert.All([0, 1], silo => Assert.Null(TryQuery(silo, account, "SELECT 1")));

        await account.ValueAsync("SELECT 1");
        var owner = Owner(account);

        Assert.Equal("7", TestAccount.Value(await TryQuery(owner, account, "SELECT 7")!));
        Assert.Null(TryQuery(1 - owner, account, "SELECT 7"));
    }

    [Fact]
    public async Task A_direct_call_comes_to_its_end_before_its_activation_goes_and_none_begins_meanwhile()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var (owner, running) = await RunAsync(account);

        await Cluster.MoveAsync(account, 1 - owner);
        await Eventually.Async(() => TryQuery(owner, account, "SELECT 1") is null, Patience, "its silo takes no direct call any more");
        var next = account.ValueAsync("SELECT 1");

        Assert.Equal("1", await next);
        Assert.True(running.IsCompleted, "Another activation served while this one still did.");
        Assert.Equal("7", TestAccount.Value(await running));
        Assert.Equal(1 - owner, Owner(account));
    }

    [Fact]
    public async Task A_pool_that_is_to_be_closed_waits_for_direct_calls()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var (owner, running) = await RunAsync(account);

        await account.Tenant(owner).CloseAsync();

        Assert.Null(TryQuery(owner, account, "SELECT 1"));
        Assert.Equal("7", TestAccount.Value(await running));
        await Eventually.Async(() => Cluster.Pools(account.Id).Count == 0, Patience, "the pool is closed");
    }

    /// <summary>Has a direct call run for two seconds, which then answers 7.</summary>
    private async Task<(int Owner, Task<Answer> Running)> RunAsync(TestAccount account)
    {
        await account.ValueAsync("SELECT 1");
        var owner = Owner(account);
        var running = TryQuery(owner, account, "SELECT 7 FROM pg_sleep(2)")!;
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(2)") == 1, Patience, "it runs");
        return (owner, running);
    }

    private int Owner(TestAccount account) => Assert.Single(Cluster.Pools(account.Id)).Silo;

    private Task<Answer>? TryQuery(int silo, TestAccount account, string sql) => Cluster.Services(silo).GetRequiredService<ILocalTenants>()
        .TryQuery(account.Id, new QueryRequest(TenantPool.AnyVersion, new Statement(sql, []), QueryOptions.Default), CancellationToken.None);
}
