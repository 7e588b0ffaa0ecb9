using System.CommandLine;
using System.Text.RegularExpressions;
using Kataven.Cli;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed partial class CommandTests
{
    private static readonly TextFile Document = Repository.File("docs/CLI.md");

    private static readonly Command Root = CommandTree.Create(new CliHost(new CliConsole(TextReader.Null, TextWriter.Null, TextWriter.Null)));

    [Fact]
    public void Every_command_is_in_its_document() => Rule.Same(
        "command", Leaves(Root, "").Select(leaf => leaf.Path), Document.Path, Written());

    [Fact]
    public void Every_option_is_in_the_document() => Rule.Holds(
        $"{Document.Path} has every option.",
        from leaf in Leaves(Root, "").Prepend((Path: "kataven", Command: Root))
        from option in leaf.Command.Options
        where option.Name.StartsWith("--", StringComparison.Ordinal) && !Document.Text.Contains(option.Name, StringComparison.Ordinal)
        select $"{leaf.Path} {option.Name}");

    [Fact]
    public void Every_command_that_a_document_shows_is_there() => Rule.Holds(
        "A document shows commands that are there.",
        from document in Repository.Documents
        from line in document.Numbered
        from match in Shown().Matches(line.Line)
        where !IsCommand(match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        select $"{line.Place}: {match.Value}");

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));

    /// <summary>The commands at the head of the table's rows: the words in small letters before the arguments.</summary>
    private static IEnumerable<string> Written() =>
        from line in Document.Lines.SkipWhile(line => line != "## Commands").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        where line.StartsWith("| `", StringComparison.Ordinal)
        from match in Quoted().Matches(line.Split(" | ")[0])
        let words = match.Groups[1].Value.Split(' ').TakeWhile(word => SmallWord().IsMatch(word))
        where words.Any()
        select string.Join(' ', words);

    private static bool IsCommand(string[] words)
    {
        var command = Root;
        foreach (var word in words.TakeWhile(word => SmallWord().IsMatch(word)))
        {
            if (command.Subcommands.Count == 0)
            {
                break;
            }

            if (command.Subcommands.FirstOrDefault(child => child.Name == word) is not { } next)
            {
                return false;
            }

            command = next;
        }

        return true;
    }

    [GeneratedRegex("`([a-z][^`]*)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex SmallWord();

    [GeneratedRegex(@"\./kataven((?: [a-z]+)+)")]
    private static partial Regex Shown();
}
