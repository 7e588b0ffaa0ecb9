namespace Kataven.Cli;

/// <summary>Ends the command with one message on standard error.</summary>
internal sealed class CliFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
