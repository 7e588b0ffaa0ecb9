namespace Kataven.Grains.Placement;

/// <summary>What a silo remembers from one look at its load to the next, so that a short peak moves nobody, and nobody moves on a figure from before the last move.</summary>
internal sealed class PlacementBook(PlacementOptions options, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Queue<long> _moves = new();
    private int _looks;

    /// <summary>Counts a look; true where the silo has been busy for long enough to look at the others.</summary>
    public bool Look(double own)
    {
        _looks = PlacementPlan.IsBusy(own, options) ? _looks + 1 : 0;
        return _looks >= options.LooksInARow;
    }

    /// <param name="own">What the silo uses of its cores: 0 to 1.</param>
    /// <param name="accounts">What its accounts cost.</param>
    /// <param name="others">The other silos that may hold accounts.</param>
    public List<PlannedMove> Decide(double own, IReadOnlyList<AccountLoad> accounts, IReadOnlyList<SiloLoad> others)
    {
        while (_moves.TryPeek(out var moved) && time.GetElapsedTime(moved) >= Minute)
        {
            _moves.Dequeue();
        }

        var moves = PlacementPlan.Moves(own, accounts, others, options.MovesPerMinute - _moves.Count, options);
        if (moves.Count > 0)
        {
            _looks = 0;
            moves.ForEach(_ => _moves.Enqueue(time.GetTimestamp()));
        }

        return moves;
    }
}
