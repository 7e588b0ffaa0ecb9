using System.Globalization;
using Kataven.Cli.Output;

namespace Kataven.Cli.Waiting;

/// <summary>A line for each change of state and for each tenth that was done: for logs, and terminals that draw no line over.</summary>
internal sealed class ProgressLines(TextWriter error)
{
    private ProgressStep? _told;

    public void Show(ProgressStep step)
    {
        if (_told is not null && _told.State == step.State && Tenths(_told) == Tenths(step))
            return;

        _told = step;
        error.WriteLine(TerminalText.Cell(string.Create(CultureInfo.InvariantCulture, $"{step.What}: {step.State}, {Math.Floor(step.Share * 100):0} %")));
    }

    private static int Tenths(ProgressStep step) => (int)Math.Floor((step.Share * 10) + 1e-9);
}
