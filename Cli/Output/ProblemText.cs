using System.Globalization;
using Kataven.Cli.Http;

namespace Kataven.Cli.Output;

/// <summary>An error of the server as lines for standard error.</summary>
internal static class ProblemText
{
    public static void Write(TextWriter error, Problem problem, string? statement)
    {
        foreach (var line in Of(problem, statement))
            error.WriteLine(line);
    }

    public static IEnumerable<string> Of(Problem problem, string? statement)
    {
        if (problem.Message is null)
        {
            yield return TerminalText.Lines(problem.Detail is null ? problem.Code : $"{problem.Code}: {problem.Detail}");
        }
        else
        {
            yield return TerminalText.Lines($"{problem.Code}: {problem.Message}{Origin(problem)}");
            foreach (var line in Caret.Of(statement, problem.Position))
                yield return line;

            if (problem.Detail is not null && problem.Detail != problem.Message)
                yield return TerminalText.Lines($"DETAIL:  {problem.Detail}");
            if (problem.Hint is not null)
                yield return TerminalText.Lines($"HINT:  {problem.Hint}");
        }

        if (problem.RetryAfter is { } delay)
            yield return string.Create(CultureInfo.InvariantCulture, $"Try again in {delay.TotalSeconds:0} s.");
        if (problem.Status >= 500 && problem.TraceId is not null)
            yield return TerminalText.Cell($"Trace: {problem.TraceId}");
    }

    private static string Origin(Problem problem)
    {
        var parts = string.Join(", ", new[]
        {
            problem.Version is { } version ? $"migration {version}" : null,
            problem.SqlState is { } state ? $"SQLSTATE {state}" : null,
        }.OfType<string>());
        return parts.Length == 0 ? "" : $" ({parts})";
    }
}
