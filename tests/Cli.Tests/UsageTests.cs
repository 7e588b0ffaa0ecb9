using System.CommandLine;
using Kataven.Cli.Help;

namespace Kataven.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("accounts")]
    [InlineData("sql")]
    [InlineData("sql|Bad Slug|select 1")]
    [InlineData("sql|acme|select 1|--nonsense")]
    [InlineData("sql|acme|select 1|--output|xml")]
    [InlineData("sql|acme|select 1|--timeout|soon")]
    [InlineData("sql|acme|select 1|--timeout|0")]
    [InlineData("sql|acme|select 1|--param-json|{")]
    [InlineData("sql|acme|select 1|--read-only|--read-write")]
    [InlineData("sql|acme|select 1|--idempotency-key|kéy")]
    [InlineData("sql|acme|select 1|--file|x.sql")]
    [InlineData("sql|acme|--file|/no/such/file")]
    [InlineData("sql|acme| ")]
    [InlineData("sql|acme")]
    [InlineData("sql|acme|select 1|--server|localhost:5080")]
    [InlineData("sql|acme|select 1|--token|two words")]
    [InlineData("accounts|create|acme")]
    [InlineData("accounts|create|acme|--name|A|--max-lanes|many")]
    [InlineData("accounts|suspend|acme")]
    [InlineData("accounts|show|..")]
    [InlineData("accounts|show|acme\n")]
    [InlineData("isolation|show")]
    [InlineData("isolation|audit|acme")]
    [InlineData("isolation|repair")]
    [InlineData("isolation|repair|acme|--all")]
    [InlineData("isolation|rotate|acme|..")]
    [InlineData("accounts|list|--backup-older-than|7")]
    [InlineData("migrate")]
    [InlineData("migrate|nonsense")]
    [InlineData("migrate|plan|..")]
    [InlineData("migrate|plan|--schema")]
    [InlineData("migrate|run|acme|--canary|globex")]
    [InlineData("migrate|run|acme|--wave-size|9")]
    [InlineData("migrate|run|acme|--parallelism|9")]
    [InlineData("migrate|run|--canary|Bad Slug")]
    [InlineData("migrate|run|--target|newest")]
    [InlineData("migrate|abort|../x")]
    [InlineData("backup|get|acme")]
    [InlineData("backup|get|acme|..")]
    [InlineData("backup|verify|acme|b/1")]
    [InlineData("backup|schedule|acme|--every|7|--keep|7")]
    [InlineData("backup|schedule|acme|--verify-every|7")]
    [InlineData("backup|schedule|acme|--verify-every|7d|--no-verify")]
    [InlineData("backup|schedule|acme|--every|1d|--keep|7|--remove")]
    [InlineData("backup|schedule|acme|--remove|--no-verify")]
    [InlineData("restore|acme")]
    [InlineData("restore|acme|b-1|--into|Bad Slug")]
    [InlineData("restore|acme|b-1|--yes|--from-account|Bad Slug")]
    [InlineData("restore|acme|b-1|--yes|--name|May")]
    [InlineData("restore|undo|acme")]
    [InlineData("clone|acme")]
    [InlineData("clone|acme|Bad Slug")]
    [InlineData("operations|list|--status|lost")]
    [InlineData("operations|get|.hidden")]
    public async Task Wrong_usage_is_2_and_asks_the_server_nothing(string line)
    {
        await using var server = await FrontDoorStub.StartAsync(200, Answers.Rows);

        var run = await CliRun.AgainstAsync(server, line.Length == 0 ? [] : line.Split('|'));

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.NotEqual("", run.Error);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task Each_command_helps_with_an_example_that_parses()
    {
        var root = CommandTree.Create(new CliHost(new CliConsole(TextReader.Null, TextWriter.Null, TextWriter.Null)));
        foreach (var (path, command) in All(root, []))
        {
            var run = await CliRun.RunAsync(static c => c, [.. path, "--help"]);

            Assert.Equal(0, run.ExitCode);
            Assert.Contains("Example:", run.Out, StringComparison.Ordinal);
            Assert.Contains(command.Example, run.Out, StringComparison.Ordinal);
            Assert.Contains("130  interrupted", run.Out, StringComparison.Ordinal);
            var example = command.Example[command.Example.IndexOf("kataven ", StringComparison.Ordinal)..].TrimEnd(')');
            Assert.Empty(root.Parse(example["kataven ".Length..].Replace('\'', '"')).Errors);
        }
    }

    [Fact]
    public async Task The_entry_point_takes_any_streams()
    {
        using var stdout = new StringWriter();

        var exitCode = await CliApp.RunAsync(["--help"], TextReader.Null, stdout, TextWriter.Null, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        Assert.Contains("kataven [command] [options]", stdout.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<(string[] Path, CliCommand Command)> All(Command command, string[] path) =>
        command.Subcommands
            .SelectMany(sub => All(sub, [.. path, sub.Name]))
            .Prepend((path, Assert.IsType<CliCommand>(command)));
}
