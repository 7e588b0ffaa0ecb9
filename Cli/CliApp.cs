using System.CommandLine;
using System.Text.Json;
using Kataven.Cli.Http;
using Kataven.Cli.Output;

namespace Kataven.Cli;

/// <summary>One run of the command line, from arguments to exit code.</summary>
internal static class CliApp
{
    public static Task<int> RunAsync(
        string[] args, TextReader stdin, TextWriter stdout, TextWriter stderr, CancellationToken cancellationToken) =>
        RunAsync(
            args,
            new CliConsole(stdin, stdout, stderr) { Variable = Environment.GetEnvironmentVariable },
            cancellationToken);

    public static async Task<int> RunAsync(string[] args, CliConsole console, CancellationToken cancellationToken)
    {
        // Values begin with '@' or '-' as they like: no response files, no bundled letters.
        var parsed = CommandTree.Create(new CliHost(console)).Parse(
            args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            return WriteUsage(parsed, console);

        try
        {
            return await InvokeAsync(parsed, console, cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Refusal refusal)
        {
            ProblemText.Write(console.Error, refusal.Problem, statement: null);
            return ExitCode.OfStatus(refusal.Problem.Status);
        }
        catch (CliFailure failure)
        {
            console.Error.WriteLine(TerminalText.Lines(failure.Message));
            return failure.ExitCode;
        }
        catch (JsonException)
        {
            console.Error.WriteLine("The answer is not what a front door answers: is --server the right address?");
            return ExitCode.Unavailable;
        }
        catch (IOException fault)
        {
            return WriteOutputFault(fault, console);
        }
    }

    /// <summary>What was written before a failure stands before the failure's own words, and is not lost.</summary>
    private static async Task<int> InvokeAsync(ParseResult parsed, CliConsole console, CancellationToken cancellationToken)
    {
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = console.Out,
                    Error = console.Error,
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellationToken);
        }
        finally
        {
            await console.Out.FlushAsync(cancellationToken);
        }
    }

    private static int WriteUsage(ParseResult parsed, CliConsole console)
    {
        foreach (var error in parsed.Errors)
            console.Error.WriteLine(TerminalText.Lines(error.Message));

        console.Error.WriteLine($"Try: {CommandTree.PathOf(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }

    private static int WriteOutputFault(IOException fault, CliConsole console)
    {
        const int brokenPipe = 32;
        if (fault.HResult == brokenPipe)
            return ExitCode.OutputClosed;

        console.Error.WriteLine(TerminalText.Lines($"Standard output: {fault.Message}"));
        return ExitCode.OutputClosed;
    }
}
