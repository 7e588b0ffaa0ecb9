using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Tenants;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>An account has one owner: whoever was one before can neither write nor come back, whatever it believes.</summary>
public abstract class OwnershipSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_former_owners_statement_ends_without_effect_before_the_new_owner_serves()
    {
        var account = await Service.NewAccountAsync("former");
        await Service.QueryAsync(account, "CREATE TABLE item (id int)");
        await using var former = await OwnerAsync(account);
        await ExecuteAsync(former.Lane, "BEGIN");
        await ExecuteAsync(former.Lane, "INSERT INTO item VALUES (1)");

        // The service's own grain is the next owner: it had closed its lanes for the one that this test made.
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*) FROM item")).GetInt32());

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(former.Lane, "COMMIT"));
        Assert.Equal(0, (await Service.ScalarAsync(account, "SELECT count(*) FROM item")).GetInt32());
        Assert.False(former.IsStopped);
    }

    [Fact]
    public async Task A_former_owner_opens_no_lane_any_more_and_goes()
    {
        var account = await Service.NewAccountAsync("back");
        await using var former = await OwnerAsync(account);
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());

        var grant = await former.Pool.RentAsync(Cancellation);

        Assert.Null(grant.Lane);
        Assert.Equal(Errors.ErrorCode.DatabaseUnavailable, grant.Refusal!.Code);
        Assert.True(grant.Refusal.DidNotRun);
        Assert.True(former.IsStopped);
        Assert.True(former.Pool.Enter(TenantPool.AnyVersion).IsStale);
        former.ReturnLane();
        await former.Pool.Lanes.WhenEmptyAsync().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task A_former_owners_open_change_of_the_role_holds_up_nobody()
    {
        var account = await Service.NewAccountAsync("locked");
        await using var former = await OwnerAsync(account);
        await ExecuteAsync(former.Lane, "BEGIN");
        await ExecuteAsync(former.Lane, "ALTER ROLE CURRENT_USER SET search_path = public");
        await ExecuteAsync(former.Lane, "ALTER ROLE CURRENT_USER PASSWORD 'another'");

        Assert.Equal(1, (await Service.ScalarAsync(account, "SELECT 1")).GetInt32());

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(former.Lane, "COMMIT"));
    }

    [Fact]
    public async Task The_rights_of_the_role_are_put_back_and_it_has_the_same_owner()
    {
        var account = await Service.NewAccountAsync("kept");
        await using var owner = await OwnerAsync(account);

        var repaired = await Service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair");

        Assert.True(repaired.Status == 200, repaired.ToString());
        var (first, second) = (await owner.Pool.RentAsync(Cancellation), await owner.Pool.RentAsync(Cancellation));
        Assert.NotNull(first.Lane);
        Assert.NotNull(second.Lane);
        owner.Pool.Lanes.Return(first.Lane);
        owner.Pool.Lanes.Return(second.Lane);
    }

    [Fact]
    public async Task A_process_that_has_the_number_of_one_that_was_given_up_longer_ago_is_left_alone()
    {
        var account = await Service.NewAccountAsync("reused");
        await using var owner = await OwnerAsync(account);
        var roles = Service.Services.GetRequiredService<AccountRole>();

        Assert.False(await roles.TellToEndAsync(owner.Lane.Role, owner.Lane.ProcessId, TimeSpan.FromHours(1), Cancellation));
        await ExecuteAsync(owner.Lane, "SELECT 1");

        Assert.True(await roles.TellToEndAsync(owner.Lane.Role, owner.Lane.ProcessId, TimeSpan.Zero, Cancellation));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(owner.Lane, "SELECT 1"));
    }

    [Fact]
    public async Task The_account_cannot_make_itself_anybody_elses()
    {
        var account = await Service.NewAccountAsync("mine");
        var role = await Service.RoleOfAsync(account);
        await Service.QueryAsync(account, "SELECT 1");
        var before = await Service.SystemScalarAsync<string>("SELECT rolvaliduntil::text FROM pg_roles WHERE rolname = $1", role);

        Assert.NotEqual(200, (await Service.TryQueryAsync(account, "ALTER ROLE CURRENT_USER VALID UNTIL '5001-01-01'")).Status);

        Assert.Equal(before, await Service.SystemScalarAsync<string>("SELECT rolvaliduntil::text FROM pg_roles WHERE rolname = $1", role));
        Assert.StartsWith("50", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_that_runs_beside_requests_outlives_a_new_owner_and_another_connection_of_the_role_does_not()
    {
        var account = await Service.NewAccountAsync("beside");
        await using var stranger = new NpgsqlConnection(new NpgsqlConnectionStringBuilder((await Service.LoginOfAsync(account)).ConnectionString) { ApplicationName = "kataven-migration" }.ConnectionString);
        await stranger.OpenAsync(Cancellation);
        var bench = await Migrations.MigrationBench.OfAsync(Service, account);
        var owners = 0;

        var result = await bench.ApplyAsync(
            Migrations.MigrationBench.Scripts("CREATE TABLE a (id int); SELECT pg_sleep(0.2)", "CREATE TABLE b (id int)"),
            async step =>
            {
                await using var owner = await OwnerAsync(account);
                owners++;
            });

        Assert.Null(result.Failure);
        Assert.Equal(2, result.Version);
        Assert.True(owners > 2, $"{owners} owners came while it ran");
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
        {
            await using var command = new NpgsqlCommand("SELECT 1", stranger);
            await command.ExecuteScalarAsync(Cancellation);
        });
    }

    /// <summary>Another owner than the service's own grain, with a lane, as if two silos took each other for dead.</summary>
    private async Task<OtherOwner> OwnerAsync(string account)
    {
        // The silo knows the account then.
        await Service.QueryAsync(account, "SELECT 1");
        var owner = new OtherOwner(Service.Services, AccountId.Parse(account));
        await owner.TakeLaneAsync(Cancellation);
        return owner;
    }

    private static async Task ExecuteAsync(Lane lane, string sql)
    {
        await using var command = new NpgsqlCommand(sql, lane.Connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
