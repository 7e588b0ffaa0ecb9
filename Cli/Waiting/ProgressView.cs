using Kataven.Cli.Output;
using Spectre.Console;

namespace Kataven.Cli.Waiting;

/// <summary>Shows on standard error how work gets on: a bar where a line can be drawn over, else lines.</summary>
internal static class ProgressView
{
    // Kept for the bar and its percentage: a label that is wider than the rest would push them out.
    private const int BarWidth = 30;

    public static Task<T> RunAsync<T>(CliConsole console, Func<Action<ProgressStep>, Task<T>> work) =>
        console.ErrorIsLive ? DrawAsync(console, work) : work(new ProgressLines(console.Error).Show);

    /// <summary>Drawn with each step, and not by a timer: what is shown is what the server last said.</summary>
    private static Task<T> DrawAsync<T>(CliConsole console, Func<Action<ProgressStep>, Task<T>> work) =>
        SpectreConsole.CreateLive(console)
            .Progress()
            .AutoRefresh(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context =>
            {
                ProgressTask? bar = null;
                return work(step =>
                {
                    var label = Markup.Escape(Label(step, Math.Max(1, console.Width - BarWidth)));
                    bar ??= context.AddTask(label);
                    bar.Description = label;
                    bar.Value = step.Share * bar.MaxValue;
                    context.Refresh();
                });
            });

    /// <summary>Where there is no room for both, what it does is worth more than what it is.</summary>
    private static string Label(ProgressStep step, int room)
    {
        var whole = TerminalText.Cell($"{step.What}: {step.State}");
        var label = whole.Length <= room ? whole : TerminalText.Cell(step.State);
        return label.Length <= room ? label : string.Concat(label.AsSpan(0, room - 1), "…");
    }
}
