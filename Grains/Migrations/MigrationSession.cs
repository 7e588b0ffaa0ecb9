using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections.Budget;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// One account while it is migrated: the service's connection in its database, which also holds the lock that keeps others from
/// migrating it, and that of the scripts, which is opened when there is one to run.
/// </summary>
internal sealed class MigrationSession(MigrationSessions sessions, AccountId account, Credential credential, NpgsqlConnection service) : IAsyncDisposable
{
    private NpgsqlConnection _service = service;
    private ScriptConnection? _scripts;
    private ServiceSlot? _slot;
    private bool _wasUsed;
    private bool _isLocked;

    public string Role => credential.Role;

    /// <summary>Tells this attempt from one of another process.</summary>
    public Guid Attempt { get; } = Guid.NewGuid();

    public NpgsqlConnection Service => _service;

    /// <summary>False where somebody else migrates the account and goes on doing so.</summary>
    public async Task<bool> TryLockAsync(CancellationToken cancellation) =>
        _isLocked = await MigrationHistory.TryLockAsync(_service, sessions.LockTimeout, cancellation).ConfigureAwait(false);

    /// <summary>
    /// Does something on the service's connection that may be done twice: again on another one, with the lock, where both were lost.
    /// </summary>
    /// <exception cref="NpgsqlException">There is none to be had.</exception>
    public async Task<T> OnServiceAsync<T>(Func<NpgsqlConnection, Task<T>> act, CancellationToken cancellation)
    {
        try
        {
            return await act(_service).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException && _service.State != System.Data.ConnectionState.Open)
        {
            await ReopenAsync(cancellation).ConfigureAwait(false);
            return await act(_service).ConfigureAwait(false);
        }
    }

    /// <summary>What the account's database says was applied to it.</summary>
    public async Task<IReadOnlyList<AppliedMigration>> HistoryAsync(CancellationToken cancellation) =>
        SeenHistory = await OnServiceAsync(connection => MigrationHistory.ReadAsync(connection, cancellation), cancellation).ConfigureAwait(false);

    /// <summary>What it said when it was read last; null where it never was.</summary>
    public IReadOnlyList<AppliedMigration>? SeenHistory { get; private set; }

    /// <inheritdoc cref="RoleSettings"/>
    public Task<string> RoleSettingsAsync(CancellationToken cancellation) =>
        OnServiceAsync(connection => RoleSettings.ReadAsync(connection, Role, cancellation), cancellation);

    /// <summary>The connection of the scripts, with nothing of what an earlier one set.</summary>
    public async Task<ScriptConnection> ScriptsAsync(CancellationToken cancellation)
    {
        if (_scripts is { IsSound: true } && _wasUsed)
        {
            await _scripts.ExecuteAsync("DISCARD ALL", cancellation).ConfigureAwait(false);
            return _scripts;
        }

        if (_scripts is not { IsSound: true })
        {
            await CloseScriptsAsync().ConfigureAwait(false);
            await OpenScriptsAsync(cancellation).ConfigureAwait(false);
        }

        _wasUsed = true;
        return _scripts!;
    }

    /// <summary>Gives the connection of the scripts and its place back. There is another when one is asked for.</summary>
    public async Task CloseScriptsAsync()
    {
        if (_scripts is not { } scripts || _slot is not { } slot)
        {
            return;
        }

        (_scripts, _slot) = (null, null);
        try
        {
            await scripts.DisposeAsync().ConfigureAwait(false);
            slot.GiveBack();
        }
        catch
        {
            slot.Abandon(credential.Role, scripts.ProcessId);
            throw;
        }

        if (_service.State == System.Data.ConnectionState.Open)
        {
            try
            {
                await MigrationHistory.VouchNoMoreAsync(_service, scripts.ProcessId, CancellationToken.None).ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // The connection is gone, and its word with it.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseScriptsAsync().ConfigureAwait(false);
        }
        finally
        {
            await _service.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ReopenAsync(CancellationToken cancellation)
    {
        await _service.DisposeAsync().ConfigureAwait(false);
        _service = await sessions.OpenServiceAsync(account, cancellation).ConfigureAwait(false);
        if (_isLocked && !await TryLockAsync(cancellation).ConfigureAwait(false))
        {
            throw new NpgsqlException("The connection was lost, and somebody else migrates the account now.");
        }

        if (_scripts is { IsSound: true } scripts)
        {
            await MigrationHistory.VouchAsync(_service, scripts.ProcessId, cancellation).ConfigureAwait(false);
        }
    }

    private async Task OpenScriptsAsync(CancellationToken cancellation)
    {
        _slot = await sessions.TakeSlotAsync(cancellation).ConfigureAwait(false);
        try
        {
            _scripts = await sessions.OpenScriptsAsync(account, credential, _service, cancellation).ConfigureAwait(false);
            _slot.ProcessId = _scripts.ProcessId;
        }
        catch
        {
            _slot.GiveBack();
            _slot = null;
            throw;
        }
    }
}
