using System.Text;
using Spectre.Console;

namespace Kataven.Cli.Output;

/// <summary>Spectre on our writer; what it may use is told, not detected: the process's own console is not always the one written to.</summary>
internal static class SpectreConsole
{
    public static IAnsiConsole Create(CliConsole console, int width)
    {
        var spectre = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = console.Decorated ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new Output(console.Out, width, console.OutIsTerminal),
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
