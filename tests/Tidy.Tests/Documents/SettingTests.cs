using System.Globalization;
using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed partial class SettingTests
{
    private static readonly TextFile Document = Repository.File("docs/OPERATE.md");

    /// <summary>Setting, default, allowed, meaning.</summary>
    private static IEnumerable<(string Key, string[] Cells)> Written =>
        Table.Rows(Document).Where(row => row.Key.StartsWith("Kataven:", StringComparison.Ordinal) && !row.Key.Contains(' ', StringComparison.Ordinal));

    [Fact]
    public void Every_setting_is_in_the_operators_guide() =>
        Rule.Same("setting", Setting.All.Select(setting => setting.Name), Document.Path, Written.Select(row => row.Key));

    [Fact]
    public void Every_setting_is_written_with_its_default_and_range() => Rule.Holds(
        $"{Document.Path} has each setting's default, what is allowed, and what it does.",
        from row in Written
        let setting = Setting.All.FirstOrDefault(setting => setting.Name == row.Key)
        where setting is not null
        from fault in Faults(setting, row.Cells)
        select $"{setting.Name}: {fault}");

    /// <summary>A message that names a knob which is not there sends the operator looking for it.</summary>
    [Fact]
    public void Every_setting_that_is_named_is_there()
    {
        var known = Setting.All.Select(setting => setting.Name).ToHashSet(StringComparer.Ordinal);
        Rule.Holds(
            "What is named as a setting is one, or a section of them.",
            from file in Repository.Files
            where !file.Path.StartsWith("tests/Tidy.Tests/", StringComparison.Ordinal)
            from line in file.Numbered
            from name in Named().Matches(line.Line).Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal))
            where !known.Contains(name) && !known.Any(setting => setting.StartsWith(name + ":", StringComparison.Ordinal))
            where !known.Any(setting => Regex.IsMatch(name, $@"^{Regex.Escape(setting)}:\d+$"))
            select $"{line.Place}: {name}");
    }

    private static IEnumerable<string> Faults(Setting setting, string[] cells)
    {
        if (cells.Length != 4 || cells.Any(cell => cell.Length == 0))
        {
            yield return "a row has four cells, and none is empty";
            yield break;
        }

        if (setting.Default is { } text && !cells[1].Contains($"`{text}`", StringComparison.Ordinal))
        {
            yield return $"the default is {text}, not {cells[1]}";
        }

        foreach (var bound in setting.Range is { } range ? new[] { range.Minimum, range.Maximum } : [])
        {
            var written = Convert.ToString(bound, CultureInfo.InvariantCulture)!;
            if (!cells[2].Contains($"`{written}`", StringComparison.Ordinal))
            {
                yield return $"{written} is the end of what is allowed, not {cells[2]}";
            }
        }
    }

    [GeneratedRegex(@"\bKataven(:|__)[A-Z]\w*?((:|__)[A-Z0-9][A-Za-z0-9]*)+\b")]
    private static partial Regex Named();
}
