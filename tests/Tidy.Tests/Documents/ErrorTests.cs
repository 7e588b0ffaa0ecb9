using System.Globalization;
using System.Text.RegularExpressions;
using Kataven.Errors;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed partial class ErrorTests
{
    private static readonly TextFile Document = Repository.File("docs/API.md");

    [Fact]
    public void Every_error_code_is_in_the_reference_with_its_status() => Rule.Same(
        "error code with its status",
        ErrorCatalogue.Entries.Values.Select(entry => $"{entry.Code} {entry.Status.ToString(CultureInfo.InvariantCulture)}"),
        Document.Path,
        Written().Select(row => $"{row.Key} {row.Cells[1].Split(' ', ',')[0]}"));

    [Fact]
    public void Every_error_code_says_what_it_means_and_what_to_do() => Rule.Holds(
        $"In {Document.Path} an error code has a status, a meaning and what to do.",
        Written().Where(row => row.Cells.Length != 4 || row.Cells.Any(cell => cell.Length == 0)).Select(row => row.Key));

    [Fact]
    public void Every_code_of_the_enumeration_is_in_the_catalogue() => Rule.Holds(
        "Every ErrorCode has its entry.",
        Enum.GetValues<Errors.ErrorCode>().Where(code => !ErrorCatalogue.Entries.ContainsKey(code)).Select(code => code.ToString()));

    [Fact]
    public void The_table_of_SQLSTATEs_is_that_of_the_code() => Rule.Holds(
        $"{Document.Path} gives each SQLSTATE the status that it has.",
        from row in Rows().Where(row => IsSqlState(row.Key))
        from match in Quoted().Matches(row.Cells[0])
        let state = match.Groups[1].Value.Replace('x', '0')
        where IsSqlState(state) && state != SqlStates.QueryCancelled && !row.Cells[0].Contains($"but for `{state}`", StringComparison.Ordinal)
        where SqlStates.StatusOf(state).ToString(CultureInfo.InvariantCulture) != row.Cells[1][..3]
        select $"{state}: {SqlStates.StatusOf(state)}, not {row.Cells[1]}");

    private static bool IsSqlState(string key) => key.Length == 5 && char.IsAsciiDigit(key[0]);

    private static IEnumerable<(string Key, string[] Cells)> Written() => Rows().Where(row => row.Key.All(c => char.IsAsciiLetterLower(c) || c == '_'));

    /// <summary>Rows whose second cell is a status.</summary>
    private static IEnumerable<(string Key, string[] Cells)> Rows() => Table.Rows(Document)
        .Where(row => row.Cells.Length > 1 && row.Cells[1].Length >= 3 && row.Cells[1][..3].All(char.IsAsciiDigit));

    [GeneratedRegex("`([0-9A-Zx]{5})`")]
    private static partial Regex Quoted();
}
