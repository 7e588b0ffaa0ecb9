namespace Kataven.Grains.Operations;

/// <summary>Turns bytes into an operation's progress.</summary>
/// <param name="context">The operation.</param>
/// <param name="from">Where it is at the first byte, from 0 to 1.</param>
/// <param name="until">Where it is at the last.</param>
/// <param name="expected">How many bytes are expected; there may be more.</param>
internal sealed class OperationProgress(OperationContext context, double from, double until, long expected) : IProgress<long>
{
    public void Report(long value) => _ = ReportAsync(from + ((until - from) * Math.Min(1, (double)value / expected)));

    private async Task ReportAsync(double progress)
    {
        try
        {
            await context.ReportAsync(progress).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The next step that is written tells whether something is wrong.
        }
    }
}
