using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Isolation;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>Opens an account's database for its migration, and only that account's.</summary>
internal sealed class MigrationSessions(
    SystemDatabase system,
    AccountDatabase database,
    AccountRole role,
    IsolationAlarm alarm,
    ConnectionSlots slots,
    IOptions<MigrationOptions> options,
    TimeProvider time)
{
    private const int OpenTries = 3;

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

    /// <summary>A place for the connection of scripts, among the accounts' lanes.</summary>
    /// <exception cref="ScriptException">Every one was busy for <see cref="ServiceSlot.Within"/>.</exception>
    public async Task<ServiceSlot> TakeSlotAsync(CancellationToken cancellation) =>
        await ServiceSlot.TakeAsync(slots, time, cancellation).ConfigureAwait(false)
            ?? throw ScriptException.Of(
                PostgresErrorCodes.TooManyConnections,
                $"The {slots.Budget} connections that the cluster may hold for accounts were busy for {ServiceSlot.Within.TotalSeconds:0} s: raise Kataven:Connections:Budget, or PostgreSQL's max_connections.",
                isCertain: true);

    /// <summary>An account may have changed its password, or given up its right to connect: both are put back, as for its lanes.</summary>
    /// <param name="account">The account.</param>
    /// <param name="credential">Its role.</param>
    /// <param name="service">Vouches for the connection as long as it lives.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public async Task<ScriptConnection> OpenScriptsAsync(AccountId account, Credential credential, NpgsqlConnection service, CancellationToken cancellation)
    {
        try
        {
            return await OpenProvenAsync(account, credential, service, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is "28P01" or "28000" or "42501")
        {
            await role.EnsureAsync(credential, cancellation).ConfigureAwait(false);
            await database.EnsureGrantsAsync(account.Value, credential, cancellation).ConfigureAwait(false);
            return await OpenProvenAsync(account, credential, service, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ScriptConnection> OpenProvenAsync(AccountId account, Credential credential, NpgsqlConnection service, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryOpenProvenAsync(account, credential, service, cancellation).ConfigureAwait(false);
            }
            catch (NpgsqlException exception) when (tries < OpenTries && exception is not PostgresException { SqlState: not PostgresErrorCodes.AdminShutdown })
            {
                // The account got a new owner before this was vouched for.
            }
        }
    }

    private async Task<ScriptConnection> TryOpenProvenAsync(AccountId account, Credential credential, NpgsqlConnection service, CancellationToken cancellation)
    {
        var scripts = await ScriptConnection.OpenAsync(system, role, account, credential, options.Value, time, cancellation).ConfigureAwait(false);
        try
        {
            await MigrationHistory.VouchAsync(service, scripts.ProcessId, cancellation).ConfigureAwait(false);
            // Names can be changed between two connections.
            var (found, _) = await LaneIdentity.ReadAsync(scripts.Connection, cancellation).ConfigureAwait(false);
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
