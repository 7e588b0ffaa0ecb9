using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>Opens an account's database for its migration, and only that account's.</summary>
internal sealed class MigrationSessions(
    SystemDatabase system, AccountDatabase database, AccountRole role, IsolationAlarm alarm, IOptions<MigrationOptions> options, TimeProvider time)
{
    public TimeSpan LockTimeout => options.Value.LockTimeout;

    /// <summary>The account's database with its table of migrations, or why not.</summary>
    public async Task<(MigrationSession? Session, Refusal? Refusal)> OpenAsync(AccountId account, Credential credential, CancellationToken cancellation)
    {
        var service = await OpenServiceAsync(account, cancellation).ConfigureAwait(false);
        try
        {
            var stamp = await DatabaseStamp.ReadAsync(service, cancellation).ConfigureAwait(false);
            if (await RefusalOfAsync(account, credential, stamp).ConfigureAwait(false) is { } refusal)
            {
                await service.DisposeAsync().ConfigureAwait(false);
                return (null, refusal);
            }

            if (!stamp.HasMigrations)
            {
                // It was closed by a version before the table, and has not been used since.
                await database.EnsureClosedAsync(account.Value, credential, isCopy: false, cancellation).ConfigureAwait(false);
            }

            return (new MigrationSession(this, account, credential, service), null);
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What the account's database says was applied to it. Nothing is changed, and nothing is waited for.</summary>
    public async Task<(IReadOnlyList<AppliedMigration> History, Refusal? Refusal)> ReadAsync(
        AccountId account, Credential credential, CancellationToken cancellation)
    {
        await using var service = await OpenServiceAsync(account, cancellation).ConfigureAwait(false);
        var stamp = await DatabaseStamp.ReadAsync(service, cancellation).ConfigureAwait(false);
        return await RefusalOfAsync(account, credential, stamp).ConfigureAwait(false) is { } refusal ? ([], refusal)
            : stamp.HasMigrations ? (await MigrationHistory.ReadAsync(service, cancellation).ConfigureAwait(false), null)
            : ([], null);
    }

    public Task<NpgsqlConnection> OpenServiceAsync(AccountId account, CancellationToken cancellation) => system.OpenInAsync(account, cancellation);

    /// <summary>An account may have changed its password, or given up its right to connect: both are put back, as for its lanes.</summary>
    public async Task<ScriptConnection> OpenScriptsAsync(AccountId account, Credential credential, CancellationToken cancellation)
    {
        try
        {
            return await OpenProvenAsync(account, credential, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is "28P01" or "28000" or "42501")
        {
            await role.EnsureAsync(credential, cancellation).ConfigureAwait(false);
            await database.EnsureGrantsAsync(account.Value, credential, cancellation).ConfigureAwait(false);
            return await OpenProvenAsync(account, credential, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ScriptConnection> OpenProvenAsync(AccountId account, Credential credential, CancellationToken cancellation)
    {
        var scripts = await ScriptConnection.OpenAsync(system, role, account, credential, options.Value, time, cancellation).ConfigureAwait(false);
        try
        {
            // Names can be changed between two connections.
            var found = await LaneIdentity.ReadAsync(scripts.Connection, cancellation).ConfigureAwait(false);
            return found?.AccountUid == credential.AccountUid && found.Role == credential.Role
                ? scripts
                : throw ScriptException.Of("55000", "The database behind the account is not the account's.", isCertain: true);
        }
        catch
        {
            await scripts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Refusal?> RefusalOfAsync(AccountId account, Credential credential, DatabaseStamp stamp)
    {
        if (stamp.IsOf(credential.AccountUid))
        {
            return null;
        }

        return stamp.IsOurs && !credential.WasStamped
            ? Databases.Unavailable("The account's database has not been put in order yet. Its first request, or a repair, does that.")
            : await alarm.RaiseAsync(account).ConfigureAwait(false);
    }
}
