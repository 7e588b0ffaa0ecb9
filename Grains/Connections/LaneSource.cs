using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Cluster;
using Kataven.Grains.Isolation;
using Kataven.Grains.Observability;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Grains.Connections;

/// <summary>
/// Opens lanes with the account's own role. Where that is refused (the account has no role yet, or took its own rights
/// away), the account's database is put in order once, and it is tried again. Before the first lane is opened the connections of whoever
/// owned the account before are ended, and each lane asks whether somebody else owns it since.
/// </summary>
internal sealed partial class LaneSource(
    AccountId account,
    SystemDatabase system,
    CredentialStore credentials,
    IsolationAlarm alarm,
    AccountRole roles,
    LaneOpenings openings,
    Func<Task<AccountResult>> adopt,
    Action lost,
    SiloPulse pulse,
    ILogger<LaneSource> logger) : ILaneSource
{
    /// <summary>Logging in, and asking whose database it is.</summary>
    private static readonly TimeSpan OpenWithin = TimeSpan.FromSeconds(15);

    private readonly OwnerMark _mark = OwnerMark.New();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<LaneLogin> _former = [];
    private LaneLogin? _login;
    private bool _isOwner;

    public Task<LaneGrant> OpenAsync(CancellationToken cancellation) => OpenAsync(fast: false, cancellation);

    public Task<LaneGrant> OpenFastAsync(CancellationToken cancellation) => OpenAsync(fast: true, cancellation);

    private async Task<LaneGrant> OpenAsync(bool fast, CancellationToken cancellation)
    {
        var asked = Stopwatch.GetTimestamp();
        var grant = await openings.OpenAsync(given => OpenOrRefuseAsync(fast, given), cancellation).ConfigureAwait(false);
        if (grant.Lane is not null)
        {
            LaneMetrics.Opened(Stopwatch.GetElapsedTime(asked));
        }
        else
        {
            LaneMetrics.NotOpened(Stopwatch.GetElapsedTime(asked));
        }

        return grant;
    }

    public Task ResetAsync(Lane lane, CancellationToken cancellation) => lane.IsOpen
        ? lane.ResetAsync(cancellation)
        : Task.FromException(new InvalidOperationException("The connection is closed."));

    public bool IsAlive(Lane lane) => lane.IsSilent;

    public async Task<bool> CloseAsync(Lane lane, bool isBroken, CancellationToken giveUp)
    {
        if (!isBroken && await lane.TryCloseAsync().ConfigureAwait(false))
        {
            return true;
        }

        await lane.DropAsync().ConfigureAwait(false);
        try
        {
            await roles.TerminateAsync(lane.Role, lane.ProcessId, giveUp, lane.AgeAtLeast).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            LogTerminateFailed(exception, account.Value, lane.ProcessId);
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var login in _login is null ? _former : [.. _former, _login])
        {
            await login.DisposeAsync().ConfigureAwait(false);
        }

        _gate.Dispose();
    }

    private async Task<LaneGrant> OpenOrRefuseAsync(bool fast, CancellationToken cancellation)
    {
        try
        {
            return await TryOpenAsync(fast, cancellation).ConfigureAwait(false)
                ?? await PutInOrderAndOpenAsync(fast, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return LaneGrant.Refused(Refusal.InvalidAccount());
        }
        catch (SecretKeyException)
        {
            LogKeyMissing(account.Value);
            return LaneGrant.Refused(Databases.Unavailable(SecretKeyException.ForAccounts) with { IsLasting = true });
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogOpenFailed(exception, account.Value);
            return LaneGrant.Refused(Databases.Unavailable("No connection to the account's database could be opened.")) with
            {
                IsServerAway = Databases.IsServerAway(exception),
            };
        }
    }

    /// <summary>A lane, or null where the server refuses the role, or the database is not closed as it should be.</summary>
    private async Task<LaneGrant?> TryOpenAsync(bool fast, CancellationToken cancellation)
    {
        var login = _login ?? await PrepareAsync(cancellation).ConfigureAwait(false);
        if (login is null)
        {
            return null;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(OpenWithin);
            var connection = await (fast ? login.Fast : login.Ordinary).OpenConnectionAsync(limit.Token).ConfigureAwait(false);
            return await VerifyAsync(connection, login.Credential, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"No connection was open after {OpenWithin.TotalSeconds:0} s.", exception);
        }
        catch (PostgresException exception) when (CanBePutInOrder(exception.SqlState))
        {
            return null;
        }
    }

    /// <summary>
    /// An account can lock itself out: by its password, its right to connect, or a setting of its role that fails every
    /// login. It is put back; only the server's own troubles are not the account's doing.
    /// </summary>
    private static bool CanBePutInOrder(string sqlState) =>
        sqlState != PostgresErrorCodes.InvalidCatalogName && !SqlStates.IsUnavailable(sqlState);

    /// <summary>Before it serves: is this the account's database, and is this the account's role?</summary>
    private async Task<LaneGrant?> VerifyAsync(NpgsqlConnection connection, Credential credential, CancellationToken cancellation)
    {
        LaneIdentity identity;
        try
        {
            identity = await LaneIdentity.ReadAsync(connection, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await new Lane(connection, credential.Role).TryCloseAsync().ConfigureAwait(false);
            throw;
        }

        switch (IdentityCheck.Decide(account, credential.Expected, identity.Found, connection.PostgreSqlVersion.Major))
        {
            case IdentityVerdict.Good when identity.Owner != _mark.Text:
                await new Lane(connection, credential.Role).TryCloseAsync().ConfigureAwait(false);
                LogLost(account.Value);
                lost();
                return LaneGrant.Refused(LaneRefusals.Moved);
            case IdentityVerdict.Good:
                return LaneGrant.Of(new Lane(connection, credential.Role));
            case IdentityVerdict.NeedsRepair:
                await new Lane(connection, credential.Role).TryCloseAsync().ConfigureAwait(false);
                return null;
            default:
                await new Lane(connection, credential.Role).TryCloseAsync().ConfigureAwait(false);
                return LaneGrant.Refused(await alarm.RaiseAsync(account).ConfigureAwait(false));
        }
    }

    private async Task<LaneGrant> PutInOrderAndOpenAsync(bool fast, CancellationToken cancellation)
    {
        // The password may have been rotated since it was read.
        if (await ReloadAsync(cancellation).ConfigureAwait(false)
            && await TryOpenAsync(fast, cancellation).ConfigureAwait(false) is { } granted)
        {
            return granted;
        }

        var result = await adopt().WaitAsync(cancellation).ConfigureAwait(false);
        if (result.Refusal is { } refusal)
        {
            return LaneGrant.Refused(refusal);
        }

        await ReloadAsync(cancellation).ConfigureAwait(false);
        return await TryOpenAsync(fast, cancellation).ConfigureAwait(false)
            ?? LaneGrant.Refused(Databases.Unavailable("The account's role is refused by the server."));
    }

    private async Task<LaneLogin?> PrepareAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return _login ??= await LogInAsync(await credentials.FindAsync(account, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Reads the credential again; false where it is the one that is known.</summary>
    private async Task<bool> ReloadAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var credential = await credentials.FindAsync(account, cancellation).ConfigureAwait(false);
            if (credential == _login?.Credential)
            {
                return false;
            }

            if (_login is not null)
            {
                // Somebody may be opening a lane with it this very moment.
                _former.Add(_login);
            }

            _login = null;
            _login = await LogInAsync(credential, cancellation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The first time, the account becomes this one's: whoever owned it before can neither write any more nor open a lane that serves.</summary>
    private async Task<LaneLogin?> LogInAsync(Credential? credential, CancellationToken cancellation)
    {
        if (credential is null)
        {
            return null;
        }

        if (!_isOwner)
        {
            long left;
            try
            {
                left = await roles.TakeOverAsync(credential.Role, account, _mark, pulse, cancellation).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedObject)
            {
                // There is no such role: the account is put in order first.
                return null;
            }

            if (left > 0)
            {
                LogLeftRunning(account.Value, left);
            }

            _isOwner = true;
        }

        return new LaneLogin(account, credential, system);
    }
}
