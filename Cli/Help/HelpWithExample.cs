using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Kataven.Cli.Help;

/// <summary>The library's help, then what a reader comes for: an example, and what the exit codes mean.</summary>
internal sealed class HelpWithExample : SynchronousCommandLineAction
{
    private readonly HelpAction _inner = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is CliCommand command)
        {
            output.WriteLine("Example:");
            output.WriteLine($"  {command.Example}");
            output.WriteLine();
        }

        output.WriteLine("""
            Exit codes:
              0    done
              1    the server refused (4xx), or a rollout did not reach every account; standard error says why
              2    wrong usage
              3    the server could not be reached, broke off, or answered 5xx or 429: try again
              4    an account or the server is not closed off as it should be (isolation)
              130  interrupted
              141  standard output could not be written
            """);
        return ExitCode.Ok;
    }
}
