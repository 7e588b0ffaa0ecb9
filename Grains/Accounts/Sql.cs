namespace Kataven.Grains.Accounts;

/// <summary>Quotes what has to stand in a statement's text, because utility statements take no parameters.</summary>
internal static class Sql
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <param name="text">Text without backslashes, or a server with <c>standard_conforming_strings</c> on, as every server has by default.</param>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
