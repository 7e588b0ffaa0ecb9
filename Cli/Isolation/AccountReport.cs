namespace Kataven.Cli.Isolation;

/// <summary>How well one account is closed off.</summary>
internal sealed record AccountReport(string AccountId, IReadOnlyList<Check> Findings)
{
    public static AccountReport Parse(string answer) => IsolationJson.Parse(answer, IsolationJson.Default.AccountReport);

    public IEnumerable<Check> Failed => Findings.Where(static check => !check.Ok);
}
