using System.Text.RegularExpressions;

namespace Kataven.Grains.Backups;

/// <summary>A program of PostgreSQL's that is missing, or that failed.</summary>
/// <param name="message">What to tell, without an account's statements or data.</param>
/// <param name="output">The end of what the program said. It may quote an account's data: it is for no log.</param>
internal sealed partial class PgToolException(string message, string output = "") : Exception(message)
{
    private const int LongestSummary = 500;

    public string Output { get; } = output;

    /// <summary>Whether the server went away under the program: what it did can be tried again.</summary>
    public bool IsConnectionLost => Loss().IsMatch(Output);

    /// <summary>The first error of the program's, without the statement and the rows that stand below it.</summary>
    public static PgToolException Failed(string program, int exitCode, string output)
    {
        var said = Fault().Match(output) is { Success: true } fault ? fault.Value.Trim() : $"{program} ended with {exitCode}.";
        return new PgToolException(said.Length > LongestSummary ? said[..LongestSummary] : said, output);
    }

    [GeneratedRegex(@"terminating connection|server closed the connection|no connection to the server|could not receive data from server|Connection (refused|reset)|the database system is", RegexOptions.CultureInvariant)]
    private static partial Regex Loss();

    [GeneratedRegex(@"^pg_\w+: .*(error|fatal):.*$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fault();
}
