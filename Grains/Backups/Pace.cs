namespace Kataven.Grains.Backups;

/// <summary>
/// Spreads bytes evenly over time, so that whoever works with them leaves the processor to others in between. What was late is not made
/// up for: where the machine is busy already it gets slower still.
/// </summary>
internal sealed class Pace
{
    private const int SmallestPiece = 4 * 1024;
    private const int LargestPiece = 128 * 1024;
    private const double PiecesPerSecond = 250;

    private readonly double? _bytesPerSecond;
    private readonly TimeProvider _time;
    private long? _begun;
    private double _done;

    /// <param name="bytesPerSecond">More than 0; null for as fast as it goes.</param>
    /// <param name="time">The clock.</param>
    public Pace(double? bytesPerSecond, TimeProvider time)
    {
        _bytesPerSecond = bytesPerSecond;
        _time = time;
        Piece = bytesPerSecond is { } rate ? (int)Math.Clamp(rate / PiecesPerSecond, SmallestPiece, LargestPiece) : LargestPiece;
    }

    /// <summary>Bytes to move between two calls of <see cref="KeepAsync"/>, at most.</summary>
    public int Piece { get; }

    /// <summary>Returns when it is time for the next.</summary>
    /// <param name="bytes">What was moved since the last call.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task KeepAsync(int bytes, CancellationToken cancellation)
    {
        if (_bytesPerSecond is not { } rate)
        {
            return;
        }

        _begun ??= _time.GetTimestamp();
        _done += bytes;
        var early = TimeSpan.FromSeconds(_done / rate) - _time.GetElapsedTime(_begun.Value);
        if (early > TimeSpan.Zero)
        {
            await Task.Delay(early, _time, cancellation).ConfigureAwait(false);
        }
        else
        {
            (_begun, _done) = (_time.GetTimestamp(), 0);
        }
    }
}
