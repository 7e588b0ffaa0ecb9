using Kataven.Grains.Accounts;
using Kataven.Grains.Connections.Budget;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>
/// Lets so many dumps and restores run at a time, over the whole cluster. A slot is a lock of a session of the system database: it is
/// free again when its process is gone, however that came. With it comes a place among the accounts' connections, since the roles that
/// dump and restore get none of what the server keeps for stronger ones.
/// </summary>
internal sealed class DumpSlots(SystemDatabase system, ConnectionSlots connections, IOptions<BackupOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Any number that nobody else of the system database locks by; the slot's is the second.</summary>
    private const int Lock = 0x6b617462;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>A process asks for no more than there can be: whoever waits behind them holds no connection.</summary>
    private readonly SemaphoreSlim _own = new(options.Value.MaxParallel);

    /// <returns>The slot, which is free when it is disposed of.</returns>
    public async Task<IAsyncDisposable> TakeAsync(CancellationToken cancellation)
    {
        await _own.WaitAsync(cancellation).ConfigureAwait(false);
        NpgsqlConnection? connection = null;
        ServiceSlot? place = null;
        try
        {
            connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
            while (!await TryTakeAsync(connection, cancellation).ConfigureAwait(false))
            {
                await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
            }

            while (place is null)
            {
                place = await ServiceSlot.TakeAsync(connections, time, cancellation).ConfigureAwait(false);
            }

            return new DumpSlot(connection, place, _own);
        }
        catch
        {
            await new DumpSlot(connection, place, _own).DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Dispose() => _own.Dispose();

    private async Task<bool> TryTakeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        for (var slot = 0; slot < options.Value.MaxParallel; slot++)
        {
            await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock}, {slot})", connection);
            if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
            {
                return true;
            }
        }

        return false;
    }
}
