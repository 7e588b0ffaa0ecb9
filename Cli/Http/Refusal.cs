namespace Kataven.Cli.Http;

/// <summary>The server answered, and the answer is an error.</summary>
internal sealed class Refusal(Problem problem) : Exception(problem.Code)
{
    public Problem Problem { get; } = problem;
}
