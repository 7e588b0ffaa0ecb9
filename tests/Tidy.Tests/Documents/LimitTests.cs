using Kataven.Accounts;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

public sealed class LimitTests
{
    private static readonly TextFile Document = Repository.File("docs/API.md");

    [Fact]
    public void Every_limit_of_an_account_is_in_the_reference_with_its_range() => Rule.Same(
        "limit of an account",
        AccountLimit.All.Select(limit => $"{limit.Name}: {limit.Minimum} to {limit.Maximum}"),
        Document.Path,
        Table.Rows(Document).Where(row => row.Cells.Length == 3 && row.Cells[1].Split(' ') is [_, "to", _]).Select(row => $"{row.Key}: {row.Cells[1]}"));
}
