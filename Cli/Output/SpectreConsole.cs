using System.Text;
using Spectre.Console;

namespace Kataven.Cli.Output;

/// <summary>Spectre on our writer; what it may use is told, not detected: the process's own console is not always the one written to.</summary>
internal static class SpectreConsole
{
    public static IAnsiConsole Create(CliConsole console, int width) =>
        Create(new Output(console.Out, width, console.OutIsTerminal), console.Decorated, isLive: false);

    /// <summary>On standard error, where what was drawn is drawn over.</summary>
    public static IAnsiConsole CreateLive(CliConsole console) =>
        Create(new Output(console.Error, console.Width, isTerminal: true), ansi: true, isLive: true);

    private static IAnsiConsole Create(Output output, bool ansi, bool isLive)
    {
        var spectre = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = isLive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = output,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        spectre.Profile.Capabilities.Unicode = true;
        return spectre;
    }

    private sealed class Output(TextWriter writer, int width, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 24;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
