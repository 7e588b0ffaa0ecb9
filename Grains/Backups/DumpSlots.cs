using Kataven.Grains.Accounts;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>
/// Lets so many dumps and restores run at a time, over the whole cluster. A slot is a lock of a session of the system database: it is
/// free again when its process is gone, however that came.
/// </summary>
internal sealed class DumpSlots(SystemDatabase system, IOptions<BackupOptions> options, TimeProvider time)
{
    /// <summary>Any number that nobody else of the system database locks by; the slot's is the second.</summary>
    private const int Lock = 0x6b617462;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <returns>The slot, which is free when it is disposed of.</returns>
    public async Task<IAsyncDisposable> TakeAsync(CancellationToken cancellation)
    {
        var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (!await TryTakeAsync(connection, cancellation).ConfigureAwait(false))
            {
                await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

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
