using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>A slot that was taken, or tried for: the connection's end is the lock's end.</summary>
internal sealed class DumpSlot(NpgsqlConnection? connection, SemaphoreSlim own) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        own.Release();
    }
}
