using Kataven.Bench.Measuring;

namespace Kataven.Bench.Scenarios;

/// <summary>
/// Has each contender take its turn, one after the other, again and again: what else the machine does meets all alike. One that
/// had no quiet turn gets some more.
/// </summary>
internal static class Turns
{
    /// <param name="stage">The load.</param>
    /// <param name="turns">Of one cell, or of some that are to be compared.</param>
    /// <param name="seconds">How long a turn lasts.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task PlayAsync(Stage stage, IReadOnlyList<Turn> turns, int seconds, CancellationToken cancellation)
    {
        for (var round = 0; round < stage.Plan.Rounds; round++)
        {
            foreach (var turn in turns)
            {
                await PlayAsync(stage, turn, new TurnTime(round, seconds), cancellation);
            }
        }

        for (var round = 0; round < stage.Plan.Repeats; round++)
        {
            foreach (var turn in turns.Where(turn => turn.IsRepeatable && !stage.HasQuietRound(turn.Cell, turn.Contender)))
            {
                await PlayAsync(stage, turn, new TurnTime(round, seconds), cancellation);
            }
        }
    }

    public static async Task PlayAsync(Stage stage, Turn turn, TurnTime time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Quiet.WaitAsync(stage.Patience, cancellation);
        await turn.RunAsync(new TurnTime(TurnTime.WarmUp, stage.Plan.WarmUpSeconds));
        stage.Add(turn.Cell, turn.Contender, await Meter.MeasureAsync(
            stage.Ground, turn.Contender, turn.Processes, Meter.SeldomSamples, () => turn.RunAsync(time), cancellation));
    }
}
