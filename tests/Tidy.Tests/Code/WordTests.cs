using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Code;

/// <summary>The words are put together from parts, so that this file does not break its own rules.</summary>
public sealed partial class WordTests
{
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX"];

    private static readonly string[] Symbols = ["Thread" + ".Sleep", "#reg" + "ion", "NotImplemented" + "Exception"];

    [Fact]
    public void Nothing_is_left_to_be_done() => Rule.Holds(
        "No file says that it is not finished.",
        from file in Repository.Files
        where file.Path != "LICENSE"
        from line in file.Numbered
        where Unfinished.Any(word => Regex.IsMatch(line.Line, $@"\b{word}\b"))
        select $"{line.Place}: {line.Line.Trim()}");

    [Fact]
    public void No_source_uses_what_is_banned() => Rule.Holds(
        "No source sleeps, folds itself away, or throws instead of doing its work.",
        from source in Repository.Sources
        from line in source.File.Numbered
        where Symbols.Any(symbol => line.Line.Contains(symbol, StringComparison.Ordinal))
        select $"{line.Place}: {line.Line.Trim()}");

    [Fact]
    public void No_file_knows_the_machine_that_it_was_written_on() => Rule.Holds(
        "No file has a path of somebody's machine, or the address of a package registry.",
        from file in Repository.Files
        from line in file.Numbered
        where MachinePath().IsMatch(line.Line) || Registry().IsMatch(line.Line)
        select $"{line.Place}: {line.Line.Trim()}");

    [GeneratedRegex(@"(?<![\w.:/}-])/(root|home/\w+|Users/\w+|work)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"https?://[^/\s""]*(nuget|npm|artifact|registry|mirror)[^/\s""]*", RegexOptions.IgnoreCase)]
    private static partial Regex Registry();
}
