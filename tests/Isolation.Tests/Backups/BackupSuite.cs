using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Isolation.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>Tests that dump and restore; where the server's own programs cannot be had they are skipped.</summary>
public abstract class BackupSuite(ArenaService service) : ServerSuite(service, onEach: true)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected BackupArchive Archive => Service.Services.GetRequiredService<BackupArchive>();

    private protected IBackupStore Store => Service.Services.GetRequiredService<IBackupStore>();

    protected static AccountId Id(string account) => AccountId.Parse(account);

    private protected async Task RequireToolsAsync()
    {
        try
        {
            await Service.Services.GetRequiredService<PgTools>().FindAsync(Service.ServerMajor, Cancellation);
        }
        catch (PgToolException exception)
        {
            Assert.Skip(exception.Message);
        }
    }

    private protected async Task<(BackupName Name, DumpedBackup Backup)> DumpAsync(string account)
    {
        var name = new BackupName(await UidOfAsync(account), Guid.NewGuid());
        return (name, await Archive.DumpAsync(Id(account), name, DumpPurpose.Backup, null, _ => Task.CompletedTask, Cancellation));
    }

    private protected async Task<RestoreOutcome> RestoreAsync(BackupName name, StoredBackup stored, string account, bool sameRole = false) =>
        await Archive.RestoreAsync(name, stored, 0, account, await CredentialOfAsync(account), sameRole, null, Cancellation);

    /// <summary>Empties the account's database, as it is before a restore: another copy of the template, with the same role.</summary>
    private protected async Task EmptyAsync(string account)
    {
        await Service.CloseLanesAsync(account);
        var comment = await Service.SystemScalarAsync<string>("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", account);
        await Service.SuperuserAsync("system", $"DROP DATABASE \"{account}\" WITH (FORCE)");
        await Service.SuperuserAsync("system", $"CREATE DATABASE \"{account}\" TEMPLATE _kataven_template");
        await Service.SuperuserAsync("system", $"COMMENT ON DATABASE \"{account}\" IS '{comment}'");
        var database = Service.Services.GetRequiredService<AccountDatabase>();
        var credential = await CredentialOfAsync(account);
        await database.EnsureGrantsAsync(account, credential, Cancellation);
        await database.EnsureClosedAsync(account, credential, isCopy: true, Cancellation);
        await database.EnsureOwnershipAsync(account, credential, Cancellation);
    }

    private protected async Task<Credential> CredentialOfAsync(string account) =>
        (await Service.Services.GetRequiredService<CredentialStore>().FindAsync(Id(account), Cancellation))!;

    protected async Task<NpgsqlConnection> LogInAsync(string account)
    {
        var connection = new NpgsqlConnection((await Service.LoginOfAsync(account)).ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    protected static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    protected Task<Guid> UidOfAsync(string account) =>
        Service.SystemScalarAsync<Guid>("SELECT account_uid FROM public.accounts WHERE account_id = $1", account);
}
