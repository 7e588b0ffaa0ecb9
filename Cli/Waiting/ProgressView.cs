using Kataven.Cli.Output;
using Spectre.Console;

namespace Kataven.Cli.Waiting;

/// <summary>Shows on standard error how work gets on: a bar where a line can be drawn over, else lines.</summary>
internal static class ProgressView
{
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
                    var label = Markup.Escape(TerminalText.Cell($"{step.What}: {step.State}"));
                    bar ??= context.AddTask(label);
                    bar.Description = label;
                    bar.Value = step.Share * bar.MaxValue;
                    context.Refresh();
                });
            });
}
