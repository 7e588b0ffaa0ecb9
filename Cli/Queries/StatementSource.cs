namespace Kataven.Cli.Queries;

/// <summary>Where the statement comes from: the argument, a file, or standard input.</summary>
internal static class StatementSource
{
    public static async Task<string> ReadAsync(
        string? argument, string? file, CliConsole console, CancellationToken cancellationToken)
    {
        var statement = argument
            ?? (file is null ? await ReadInputAsync(console, cancellationToken) : await ReadFileAsync(file, cancellationToken));
        return string.IsNullOrWhiteSpace(statement)
            ? throw new CliFailure(ExitCode.Usage, "There is no statement: give it as an argument, with --file, or on standard input.")
            : statement;
    }

    private static async Task<string> ReadInputAsync(CliConsole console, CancellationToken cancellationToken)
    {
        if (console.InIsTerminal)
            console.Error.WriteLine("The statement is read from standard input, up to Ctrl-D.");

        // A terminal's reader blocks its thread whatever it is called: so the wait for it is what Ctrl-C ends.
        return await Task.Run(console.In.ReadToEnd, CancellationToken.None).WaitAsync(cancellationToken);
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.Usage, $"--file: {fault.Message}");
        }
    }
}
