using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Isolation.Tests.Managed;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>Without a superuser the account's own role dumps.</summary>
[Collection<InstalledManagedCollection>]
public sealed class ManagedBackupTests(InstalledManagedService service)
{
    [Fact]
    public async Task An_account_is_dumped_by_its_own_role_and_restored_for_another()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (account, other) = (await service.NewAccountAsync("managed"), await service.NewAccountAsync("managed"));
        await service.QueryAsync(account, "CREATE TABLE item AS SELECT g FROM generate_series(1, 10) g");
        var archive = service.Services.GetRequiredService<BackupArchive>();
        var name = new BackupName(Guid.NewGuid(), Guid.NewGuid());

        var credentials = service.Services.GetRequiredService<CredentialStore>();
        Assert.True((await archive.LoginAsync((await credentials.FindAsync(AccountId.Parse(account), cancellation))!, account, cancellation)).IsAccounts);
        var backup = await archive.DumpAsync(AccountId.Parse(account), name, DumpPurpose.Backup, null, _ => Task.CompletedTask, cancellation);
        var credential = (await credentials.FindAsync(AccountId.Parse(other), cancellation))!;
        await archive.RestoreAsync(name, backup.Stored, backup.Manifest.DatabaseBytes, other, credential, sameRole: false, null, cancellation);

        Assert.Equal([], backup.Manifest.Differences(await archive.ManifestAsync(credential, other, cancellation)));
        Assert.Equal(0, await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'kataven_backup%'"));
    }

    [Theory]
    [InlineData("PASSWORD 'mine'")]
    [InlineData("SET local_preload_libraries = 'nothing_there'")]
    [InlineData("SET idle_session_timeout = 1")]
    public async Task An_account_that_changed_its_own_role_is_dumped_all_the_same(string change)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var account = await service.NewAccountAsync("managed");
        await service.QueryAsync(account, "CREATE TABLE item AS SELECT g FROM generate_series(1, 10) g");
        await service.QueryAsync(account, $"ALTER ROLE CURRENT_USER {change}");
        var archive = service.Services.GetRequiredService<BackupArchive>();

        var backup = await archive.DumpAsync(AccountId.Parse(account), new BackupName(Guid.NewGuid(), Guid.NewGuid()), DumpPurpose.Backup, null, _ => Task.CompletedTask, cancellation);

        Assert.Equal(10, Assert.Single(backup.Manifest.Tables).Rows);
        Assert.Equal(10, (await service.ScalarAsync(account, "SELECT count(*) FROM item")).GetInt32());
    }
}
