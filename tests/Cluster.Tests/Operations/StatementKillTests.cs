using System.Net;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>
/// Kills in the middle of a step: a statement on a whole database or a role is under way, nothing of it is written down, and the server
/// runs it to its end when nobody listens any more.
/// </summary>
[Collection<OperationsCollection>]
public sealed class StatementKillTests(KilledService service)
{
    public static TheoryData<string> CloneStatements => KillPoints.Of(["CREATE DATABASE"], "CREATE ROLE", "RENAME TO");

    public static TheoryData<string> MakingStatements => KillPoints.Of(["CREATE DATABASE"], "CREATE ROLE");

    [Theory]
    [InlineData("CREATE DATABASE")]
    [InlineData("COMMENT ON DATABASE")]
    [InlineData("RENAME TO")]
    [InlineData("CREATE ROLE")]
    [InlineData("REVOKE ALL ON DATABASE")]
    public async Task The_same_call_finishes_an_account_whose_making_was_killed_in_a_statement(string statement)
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = new FleetAccount(service, FleetAccount.NewId());
        await KillAsync(statement, account.ProvisionAsync);

        await service.First.StartAsync();
        await account.ProvisionAsync();

        await account.RunAsync("CREATE TABLE item (id integer PRIMARY KEY, name text)");
        await account.SetAsync(FleetAccount.Old);
        await MigratedAccount.AssertAsync(service, account);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Theory]
    [MemberData(nameof(CloneStatements))]
    public async Task A_clone_goes_on_after_its_process_was_killed_in_a_statement(string statement)
    {
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var clone = new FleetAccount(service, FleetAccount.NewId());
        var before = await Leftovers.ReadAsync(service);
        await KillAsync(statement, () => account.BeginAsync(HttpMethod.Post, "/clones", new { account_id = clone.Id, account_name = "Clone" }));

        await service.First.StartAsync();
        await service.SucceedAsync(await service.OperationOfAsync(account.Id));

        await clone.AssertServesAsync(FleetAccount.Old);
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Theory]
    [InlineData("RENAME TO")]
    [InlineData("DROP DATABASE")]
    [InlineData("DROP ROLE")]
    public async Task A_deletion_goes_on_after_its_process_was_killed_in_a_statement(string statement)
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = await FleetAccount.CreateAsync(service);
        await KillAsync(statement, () => DeleteAsync(account), account, "delete.drop");

        await service.First.StartAsync();
        await AssertGoneAsync(account, before);
    }

    [Fact]
    public async Task A_deletion_removes_a_database_that_is_half_removed_since_its_process_was_killed()
    {
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = await FleetAccount.CreateAsync(service);
        var uid = await service.ScalarAsync<Guid>($"SELECT account_uid FROM public.accounts WHERE account_id = '{account.Id}'");
        await KillAsync("DROP DATABASE", () => DeleteAsync(account), account, "delete.drop", ends: true);
        Assert.True(await IsHalfRemovedAsync($"_{uid:N}"));

        await service.First.StartAsync();
        await AssertGoneAsync(account, before);
    }

    [Fact]
    public async Task A_deletion_goes_on_after_its_process_was_killed_between_the_role_and_the_row()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = await FleetAccount.CreateAsync(service);
        Task begun;
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, "row.delete"))
        {
            begun = DeleteAsync(account);
            await stop.ReachedAsync();
            await service.First.KillAsync();
        }

        await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await service.First.StartAsync();
        await AssertGoneAsync(account, before);
    }

    [Fact]
    public async Task A_template_that_is_half_removed_since_the_process_was_killed_is_made_anew()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = await FleetAccount.CreateAsync(service);
        await service.First.Process.StopAsync();
        await service.ExecuteAsync("COMMENT ON DATABASE _kataven_template IS 'of another version'");
        await service.First.StartAsync();
        var next = new FleetAccount(service, FleetAccount.NewId());
        await KillAsync("DROP DATABASE", next.ProvisionAsync, ends: true);
        Assert.True(await IsHalfRemovedAsync("_kataven_template"));

        await service.First.StartAsync();
        await next.ProvisionAsync();

        await next.RunAsync("CREATE TABLE item (id integer PRIMARY KEY, name text)");
        await next.SetAsync(FleetAccount.Old);
        await MigratedAccount.AssertAsync(service, next);
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Fact]
    public async Task A_restore_is_not_taken_back_where_what_it_replaced_is_half_removed()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        var restore = await service.SucceedAsync(await account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup }));
        var before = await Leftovers.ReadAsync(service);
        await service.ExecuteAsync($"UPDATE pg_database SET datconnlimit = -2 WHERE datname = '_{restore:N}r'");

        var operation = await account.BeginAsync(HttpMethod.Delete, $"/restores/{restore}");

        Assert.Contains("is not kept any more", await service.EndAsync(operation), StringComparison.Ordinal);
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Theory]
    [MemberData(nameof(MakingStatements))]
    public async Task An_account_that_is_deleted_while_the_server_still_makes_what_it_was_to_have_leaves_nothing(string statement)
    {
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = new FleetAccount(service, FleetAccount.NewId());
        await using (var stop = await StatementStop.ArmAsync(service, statement))
        {
            var begun = account.ProvisionAsync();
            await stop.ReachedAsync();
            await service.First.KillAsync();
            await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await service.First.StartAsync();
            var (status, body) = await service.First.AdminAsync(HttpMethod.Delete, $"/accounts/{account.Id}?confirm={account.Id}");
            Assert.True(status == HttpStatusCode.NoContent, $"{status} {body}");
        }

        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Theory]
    [InlineData("RENAME TO")]
    [InlineData("COMMENT ON DATABASE")]
    public async Task A_restore_goes_on_after_its_process_was_killed_in_its_swap(string statement)
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        var before = await Leftovers.ReadAsync(service);
        await KillAsync(statement, () => account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup }), account, "restore.swap");

        await service.First.StartAsync();
        var operation = await service.SucceedAsync(await service.OperationOfAsync(account.Id));

        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, [$"database _{operation:N}r"]);
    }

    private async Task DeleteAsync(FleetAccount account) => await service.First.AdminAsync(HttpMethod.Delete, $"/accounts/{account.Id}?confirm={account.Id}");

    private Task<bool> IsHalfRemovedAsync(string database) =>
        service.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{database}' AND datconnlimit = -2)");

    private async Task AssertGoneAsync(FleetAccount account, HashSet<string> before)
    {
        await service.SucceedAsync(await service.OperationOfAsync(account.Id));
        Assert.Equal(0, await service.ScalarAsync<long>(
            $"SELECT (SELECT count(*) FROM public.accounts WHERE account_id = '{account.Id}') + (SELECT count(*) FROM pg_database WHERE datname = '{account.Id}')"));
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    /// <summary>Kills the process while the server runs the statement, which then goes on, or is ended.</summary>
    private async Task KillAsync(string statement, Func<Task> beginAsync, FleetAccount? account = null, string step = "", bool ends = false)
    {
        // The same statements come earlier in some operations, where something else is being made.
        var behind = account is null ? null : await StopPoint.ArmAsync(service, account.Id, step);
        var begun = behind is null ? Task.CompletedTask : beginAsync();
        await (behind?.ReachedAsync() ?? Task.FromResult(0));
        await using (var stop = await StatementStop.ArmAsync(service, statement))
        {
            begun = behind is null ? beginAsync() : begun;
            await (behind?.LetGoAsync() ?? Task.CompletedTask);
            await stop.ReachedAsync();
            await service.First.KillAsync();
            if (ends)
            {
                await stop.EndAsync();
            }
        }

        await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
