using Kataven.Grains.Connections.Budget;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>A slot that was taken, or tried for: the connection's end is the lock's end.</summary>
internal sealed class DumpSlot(NpgsqlConnection? connection, ServiceSlot? place, SemaphoreSlim own) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        place?.GiveBack();
        own.Release();
    }
}
