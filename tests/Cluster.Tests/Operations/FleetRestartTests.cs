using System.Net;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>The server is started anew in the middle of what changes the fleet.</summary>
[Collection<OperationsCollection>]
public sealed class FleetRestartTests(KilledService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_account_is_made_when_the_server_was_started_anew_while_it_made_the_database()
    {
        await service.RunAsync();
        var account = new FleetAccount(service, FleetAccount.NewId());
        var before = await Leftovers.ReadAsync(service);
        Task<HttpStatusCode> begun;
        await using (var stop = await StatementStop.ArmAsync(service, "CREATE DATABASE"))
        {
            begun = MakeAsync(account);
            await stop.ReachedAsync();
            await service.RestartServerAsync();
        }

        // The front door calls again by itself, for a while.
        var status = await begun;
        await Eventually.Async(
            async () => status != HttpStatusCode.ServiceUnavailable || (status = await MakeAsync(account)) != HttpStatusCode.ServiceUnavailable, Patience, "it is finished");
        Assert.Equal(HttpStatusCode.Created, status);
        await account.RunAsync("CREATE TABLE item (id integer PRIMARY KEY, name text)");
        await account.SetAsync(FleetAccount.Old);
        await MigratedAccount.AssertAsync(service, account);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Fact]
    public async Task A_clone_goes_on_when_the_server_was_started_anew_while_it_copied()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var clone = new FleetAccount(service, FleetAccount.NewId());
        var before = await Leftovers.ReadAsync(service);
        Guid operation;
        await using (var stop = await StatementStop.ArmAsync(service, "CREATE DATABASE"))
        {
            operation = await account.BeginAsync(HttpMethod.Post, "/clones", new { account_id = clone.Id, account_name = "Clone" });
            await stop.ReachedAsync();
            await service.RestartServerAsync();
        }

        await service.SucceedAsync(operation);
        await clone.AssertServesAsync(FleetAccount.Old);
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Fact]
    public async Task A_deletion_goes_on_when_the_server_was_started_anew_while_it_removed_the_database()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = await FleetAccount.CreateAsync(service);
        Task begun;
        await using (var step = await StopPoint.ArmAsync(service, account.Id, "delete.drop"))
        {
            begun = service.First.AdminAsync(HttpMethod.Delete, $"/accounts/{account.Id}?confirm={account.Id}");
            await step.ReachedAsync();
            await using var stop = await StatementStop.ArmAsync(service, "DROP DATABASE");
            await step.LetGoAsync();
            await stop.ReachedAsync();
            await service.RestartServerAsync();
        }

        await service.SucceedAsync(await service.OperationOfAsync(account.Id));
        await begun;
        Assert.Equal(0, await service.ScalarAsync<long>(
            $"SELECT (SELECT count(*) FROM public.accounts WHERE account_id = '{account.Id}') + (SELECT count(*) FROM pg_database WHERE datname = '{account.Id}')"));
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Fact]
    public async Task A_verification_goes_on_when_the_server_was_started_anew_before_it_tidied_up()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        var before = await Leftovers.ReadAsync(service);
        Guid operation;
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, "verify.remove"))
        {
            operation = await account.BeginAsync(HttpMethod.Post, $"/backups/{backup}/verification");
            await stop.ReachedAsync();
            await stop.DisarmAsync();
            await service.RestartServerAsync();
        }

        await service.SucceedAsync(operation);
        Assert.True(await service.ScalarAsync<bool>($"SELECT verified_at IS NOT NULL FROM kataven.backup WHERE backup_id = '{backup}'"));
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Fact]
    public async Task A_rollout_goes_on_when_the_server_was_started_anew_and_passes_nobody_over()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        FleetAccount[] accounts = [await FleetAccount.AdoptAsync(service), await FleetAccount.AdoptAsync(service), await FleetAccount.AdoptAsync(service)];
        var before = await Leftovers.ReadAsync(service);
        string? path;
        await using (var stop = await StopPoint.ArmAsync(service, accounts[1].Id, "migrate.commit:1"))
        {
            var (status, body) = await service.First.AdminAsync(HttpMethod.Post, "/rollouts", new { canaries = new[] { accounts[0].Id, accounts[1].Id } });
            Assert.True(status == HttpStatusCode.Accepted, $"{status} {body}");
            path = $"/rollouts/{body.GetProperty("rollout_id").GetString()}";
            await stop.ReachedAsync();
            await stop.DisarmAsync();
            await service.RestartServerAsync();
        }

        var ended = "";
        await Eventually.Async(
            async () =>
            {
                var (status, body) = await service.First.AdminAsync(HttpMethod.Get, path);
                ended = $"{body}";
                return status == HttpStatusCode.OK && body.GetProperty("status").GetString() != "running";
            },
            Patience,
            "the rollout has ended");
        Assert.Contains("\"status\":\"succeeded\"", ended, StringComparison.Ordinal);
        Assert.Contains("\"failed\":0", ended, StringComparison.Ordinal);
        foreach (var account in accounts)
        {
            await MigratedAccount.AssertAsync(service, account);
        }

        await Leftovers.AssertNoneAsync(service, before, []);
    }

    private async Task<HttpStatusCode> MakeAsync(FleetAccount account) =>
        (await service.First.AdminAsync(HttpMethod.Post, "/accounts", new { account_id = account.Id, account_name = account.Id })).Status;
}
