using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Accounts;

/// <summary>
/// A silo freezes in the middle of a deletion. Another one ends that, and the slug becomes another account's; then the first one wakes
/// and goes on where it was.
/// </summary>
[Collection<TwoSilosCollection>]
public sealed class LateRemovalTests(TwoSilos silos)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task A_deletion_that_goes_on_late_leaves_the_next_account_of_the_slug_alone()
    {
        var (former, account) = await RecreateAsync();

        Assert.Equal(ErrorCode.AccountNotFound, (await account.Grain.StopForDeletionAsync(former.Uid)).Refusal?.Code);
        Assert.Equal(ErrorCode.AccountNotFound, (await account.Grain.DeleteAsync(former.Uid)).Refusal?.Code);
        await Service<AccountRemoval>().RemoveAsync(former, Stop);

        await AssertUntouchedAsync(former, account);
    }

    [Fact]
    public async Task So_does_a_making_that_goes_on_late()
    {
        var (former, account) = await RecreateAsync();

        Assert.False(await Service<AccountTable>().TrySetStatusAsync(former, Enum.GetValues<AccountStatus>(), AccountStatus.Failed, "late", Stop));
        Assert.False(await Service<AccountDatabase>().TryMakeAsync(former, Stop));

        await AssertUntouchedAsync(former, account);
    }

    /// <summary>Its name would be nobody's, and keep the slug from whoever wants it.</summary>
    [Fact]
    public async Task No_database_is_given_the_slug_of_an_account_that_is_gone()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.Grain.DeleteAsync(account.Account.Uid);

        Assert.False(await Service<AccountDatabase>().TryMakeAsync(account.Account, Stop));

        Assert.Equal(0, await Cluster.Server.ScalarAsync<long>(
            "SELECT count(*) FROM pg_database WHERE datname IN ($1, $2)", account.Id.Value, $"_{account.Account.Uid:N}"));
    }

    private T Service<T>()
        where T : notnull => Cluster.Services(0).GetRequiredService<T>();

    private async Task<(Account Former, TestAccount Account)> RecreateAsync()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var former = await account.ReadAsync();
        Assert.Null((await account.Grain.DeleteAsync(former.Uid)).Refusal);
        Assert.Null((await account.Grain.CreateAsync(new NewAccount(account.Id.Value, null, AccountLimits.Default))).Refusal);
        await account.DoneAsync("CREATE TABLE written (n int)");
        await account.DoneAsync("INSERT INTO written VALUES (1)");
        Assert.NotEqual(former.Uid, (await account.ReadAsync()).Uid);
        return (former, account);
    }

    private async Task AssertUntouchedAsync(Account former, TestAccount account)
    {
        Assert.Equal("1", await account.ValueAsync("SELECT count(*) FROM written"));
        Assert.Equal(AccountStatus.Active, (await account.ReadAsync()).Status);
        Assert.Equal(1, await Cluster.Server.ScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = $1", account.Role));
        Assert.Equal(0, await Cluster.Server.ScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname = $1", former.RoleName!));
    }
}
