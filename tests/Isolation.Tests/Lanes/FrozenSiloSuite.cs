using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Isolation.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>A silo freezes in the middle of a takeover, and wakes when the account is another's: that one notices nothing.</summary>
public abstract class FrozenSiloSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AccountRole Roles => Service.Services.GetRequiredService<AccountRole>();

    [Fact]
    public async Task One_that_was_declared_dead_after_it_looked_takes_no_account()
    {
        var account = await Service.NewAccountAsync("looked");
        await using var silo = await FrozenSilo.JoinAsync(Service, Cancellation);
        await using (var before = silo.SourceOf(account))
        {
            var taken = await before.OpenAsync(Cancellation);
            Assert.True(taken.Lane is not null, taken.Refusal?.Detail);
            await before.CloseAsync(taken.Lane, isBroken: false, Cancellation);
        }

        await using var owner = await WritingOwnerAsync(account);
        await silo.DeclareDeadAsync();
        await using var late = silo.SourceOf(account);

        var grant = await late.OpenAsync(Cancellation);

        Assert.Equal((null, true), (grant.Lane, grant.Refusal!.DidNotRun));
        await AssertServesAsync(owner);
    }

    [Fact]
    public async Task One_that_was_declared_dead_after_it_had_marked_the_account_ends_nothing_of_the_next_owners()
    {
        var account = await Service.NewAccountAsync("marked");
        var (role, mark) = (await Service.RoleOfAsync(account), OwnerMark.New());
        await using var silo = await FrozenSilo.JoinAsync(Service, Cancellation);
        await Roles.MarkAsync(role, AccountId.Parse(account), mark, silo.Pulse, Cancellation);
        await using var owner = await WritingOwnerAsync(account);

        Assert.Equal(0, await Roles.EndFormerOwnersAsync(role, AccountId.Parse(account), mark, Cancellation));

        await AssertServesAsync(owner);
    }

    /// <summary>There is no table of members to look at where the mark is written.</summary>
    [Fact]
    public async Task One_that_finds_no_system_database_looks_again_before_it_ends_what_is_anothers()
    {
        var account = await Service.NewAccountAsync("away");
        await using var silo = await FrozenSilo.JoinAsync(Service, Cancellation);
        await using var owner = await WritingOwnerAsync(account);
        await using var nowhere = new SystemDatabase(Service.ConnectionString, "_kataven_nowhere");
        await using var roles = new AccountRole(nowhere, TimeProvider.System);
        var role = await Service.RoleOfAsync(account);
        await silo.DeclareDeadAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(
            () => roles.TakeOverAsync(role, AccountId.Parse(account), OwnerMark.New(), silo.Pulse, Cancellation));

        await ExecuteAsync(owner.Lane, "COMMIT");
    }

    /// <summary>An owner in the middle of a write.</summary>
    private async Task<OtherOwner> WritingOwnerAsync(string account)
    {
        // The silo knows the account then.
        await Service.QueryAsync(account, "CREATE TABLE IF NOT EXISTS item (id int)");
        var owner = new OtherOwner(Service.Services, AccountId.Parse(account));
        await owner.TakeLaneAsync(Cancellation);
        await ExecuteAsync(owner.Lane, "BEGIN");
        await ExecuteAsync(owner.Lane, "INSERT INTO item VALUES (1)");
        return owner;
    }

    /// <summary>What it writes is written, and it opens lanes still.</summary>
    private static async Task AssertServesAsync(OtherOwner owner)
    {
        await ExecuteAsync(owner.Lane, "COMMIT");
        var another = await owner.Pool.RentAsync(Cancellation);
        Assert.True(another.Lane is not null, another.Refusal?.Detail);
        owner.Pool.Lanes.Return(another.Lane);
        Assert.False(owner.IsStopped);
    }

    private static async Task ExecuteAsync(Lane lane, string sql)
    {
        await using var command = new NpgsqlCommand(sql, lane.Connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
