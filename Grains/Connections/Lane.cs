using System.Buffers;
using System.Diagnostics;
using Npgsql;

namespace Kataven.Grains.Connections;

/// <summary>One PostgreSQL connection that a tenant's pool owns outright: opened, reset, counted and closed by us.</summary>
internal sealed class Lane(NpgsqlConnection connection, string role)
{
    /// <summary>A buffer that grew beyond this is not kept, so that one large answer does not stay in memory.</summary>
    private const int KeptBuffer = 256 * 1024;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly long _openedAt = Stopwatch.GetTimestamp();
    private ArrayBufferWriter<byte> _buffer = new(4096);

    public NpgsqlConnection Connection { get; } = connection;

    public string Role { get; } = role;

    public int ProcessId { get; } = connection.ProcessID;

    /// <summary>
    /// How long PostgreSQL's process has been there at least, with room for what the two clocks go apart: one of the same id that began later
    /// is another's. Ids begin anew where the server does.
    /// </summary>
    public TimeSpan AgeAtLeast => Stopwatch.GetElapsedTime(_openedAt) * 0.9 is var age && age > Apart ? age - Apart : TimeSpan.Zero;

    /// <summary>What it does now. Guarded by its pool's lock.</summary>
    public LaneState State { get; set; }

    /// <summary>When it was lent last. Guarded by its pool's lock.</summary>
    public long LentAt { get; set; }

    public bool IsOpen => Connection.FullState.HasFlag(System.Data.ConnectionState.Open);

    /// <summary>The statement left a transaction open, or may have.</summary>
    public bool InTransaction { get; set; }

    /// <summary>An empty buffer for one answer, reused from request to request.</summary>
    public ArrayBufferWriter<byte> Buffer()
    {
        if (_buffer.Capacity > KeptBuffer)
        {
            _buffer = new(4096);
        }

        _buffer.ResetWrittenCount();
        return _buffer;
    }

    /// <summary>
    /// Takes back whatever a request did to the session: settings, temporary tables, listening, prepared statements,
    /// cursors, an open transaction, a changed role, and the seed of <c>random()</c>, which outlives DISCARD ALL.
    /// What the lane relies on stands in its start-up packet, which DISCARD ALL goes back to.
    /// </summary>
    public async Task ResetAsync(CancellationToken cancellation)
    {
        // A Sync each: DISCARD ALL may not run in the same implicit transaction as anything else.
        await using var batch = new NpgsqlBatch(Connection) { EnableErrorBarriers = true };
        if (InTransaction)
        {
            batch.BatchCommands.Add(new("ROLLBACK"));
        }

        batch.BatchCommands.Add(new("DISCARD ALL"));
        var seed = new NpgsqlBatchCommand("SELECT pg_catalog.setseed($1)");
        seed.Parameters.Add(new NpgsqlParameter<double> { TypedValue = (Random.Shared.NextDouble() * 2) - 1 });
        batch.BatchCommands.Add(seed);
        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        InTransaction = false;
    }

    /// <summary>PostgreSQL has neither said nor closed anything since the lane was used last: an idle session says nothing.</summary>
    public bool IsSilent => IsOpen && LaneSocket.IsSilent(Connection);

    /// <summary>Says goodbye, and returns when PostgreSQL's process has ended. False where that cannot be told.</summary>
    public async Task<bool> TryCloseAsync()
    {
        var isGone = IsOpen && await LaneSocket.TryCloseAsync(Connection).ConfigureAwait(false);
        await DropAsync().ConfigureAwait(false);
        return isGone;
    }

    /// <summary>Closes our side, which never fails.</summary>
    public async Task DropAsync()
    {
        try
        {
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is closed either way.
        }
    }
}
