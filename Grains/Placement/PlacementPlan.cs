namespace Kataven.Grains.Placement;

/// <summary>
/// Which accounts a busy silo hands over. An account moves only where the silo that gets it is still no busier afterwards than the
/// one that gives it, so each move makes the cluster more even, and a number of them comes to an end. So an account that is half a
/// silo's load or more stays, and the small ones beside it go.
/// </summary>
internal static class PlacementPlan
{
    /// <summary>What costs less than this is not worth a move, which closes its connections and opens others.</summary>
    public const double Least = 0.01;

    /// <param name="own">What the silo uses of its cores: 0 to 1.</param>
    /// <param name="accounts">What its accounts cost.</param>
    /// <param name="others">The other silos that may hold accounts.</param>
    /// <param name="most">How many may move now.</param>
    /// <param name="options">From when a silo is busy, and another is not.</param>
    public static List<PlannedMove> Moves(
        double own, IReadOnlyList<AccountLoad> accounts, IReadOnlyList<SiloLoad> others, int most, PlacementOptions options)
    {
        var moves = new List<PlannedMove>();
        // The busiest silo of all goes first. Others have their turn when it is not the busiest any more.
        if (!IsBusy(own, options) || others.Any(other => other.Share > own))
        {
            return moves;
        }

        var targets = others.Select(other => (other.Silo, other.Share)).ToList();
        var movable = accounts.Where(account => account is { MayMove: true, Share: >= Least }).OrderByDescending(account => account.Share).ToList();
        while (moves.Count < most && targets.Count > 0)
        {
            targets.Sort((one, other) => one.Share.CompareTo(other.Share));
            var (to, share) = targets[0];
            if (!IsBusy(own, options) || !IsApart(own, share, options) || movable.FindIndex(account => share + account.Share <= own - account.Share) is not (>= 0 and var next))
            {
                break;
            }

            var moved = movable[next];
            movable.RemoveAt(next);
            moves.Add(new PlannedMove(moved.Account, to));
            (own, targets[0]) = (own - moved.Share, (to, share + moved.Share));
        }

        return moves;
    }

    public static bool IsBusy(double share, PlacementOptions options) => share * 100 >= options.BusyAbove;

    private static bool IsApart(double own, double other, PlacementOptions options) => (own - other) * 100 >= options.Difference;
}
