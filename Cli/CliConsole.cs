using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Kataven.Cli;

/// <summary>What the command line reads from and writes to, and what it knows about both ends.</summary>
internal sealed record CliConsole(TextReader In, TextWriter Out, TextWriter Error)
{
    private const int FallbackWidth = 80;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    /// <summary>Standard error is a terminal on which a line can be drawn over again.</summary>
    public bool ErrorIsLive { get; init; }

    /// <summary>Standard output for what is no text; <c>null</c> where there is only a writer of text.</summary>
    public Stream? OutBytes { get; init; }

    /// <summary>What the pauses of a wait are measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether bold and dim may be used.</summary>
    public bool Decorated { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = FallbackWidth;

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    public static CliConsole OfProcess()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var isDumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var output = OpenOutput();
        return new CliConsole(
            // Not Console.In: a statement is UTF-8 whatever the locale says.
            new StreamReader(Console.OpenStandardInput(), Utf8),
            new StreamWriter(output, Utf8),
            new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true })
        {
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = isTerminal,
            ErrorIsLive = !Console.IsErrorRedirected && !isDumb,
            OutBytes = output,
            Decorated = isTerminal && !isDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = isTerminal || !Console.IsErrorRedirected ? TerminalWidth() : FallbackWidth,
            Variable = Environment.GetEnvironmentVariable,
        };
    }

    /// <summary>A terminal's setting that cannot be read counts as not set.</summary>
    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : FallbackWidth;
        }
        catch (IOException)
        {
            return FallbackWidth;
        }
    }

    /// <summary>
    /// The console's own stream keeps silent when a pipe's reader is gone, so that <c>| head</c> would let a long
    /// answer run to its end. A file stream on the descriptor reports it; but on a regular file that one would
    /// keep a position of its own, so only what cannot seek gets it.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();

        try
        {
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            return stream.CanSeek ? Console.OpenStandardOutput() : stream;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Console.OpenStandardOutput();
        }
    }
}
