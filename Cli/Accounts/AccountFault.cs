using Kataven.Cli.Http;

namespace Kataven.Cli.Accounts;

/// <summary>Why there is no answer for one account.</summary>
/// <param name="Code">The server's, or <c>unreachable</c>.</param>
/// <param name="Detail">What to tell beside it.</param>
/// <param name="ExitCode">What the process would end with for this alone.</param>
internal sealed record AccountFault(string Code, string? Detail, int ExitCode)
{
    public static AccountFault Of(Problem problem) => new(
        problem.Code,
        problem.Detail ?? problem.Message,
        // 503, but to try again does not help: somebody has to look.
        problem.Code == "isolation_violation" ? Cli.ExitCode.NotSound : Cli.ExitCode.OfStatus(problem.Status));

    public static AccountFault Of(CliFailure failure) => new("unreachable", failure.Message, failure.ExitCode);

    public bool IsUnreachable => Code == "unreachable";

    /// <summary>It is about the token: the next account's answer would be the same.</summary>
    public bool IsOfCaller => Code is "unauthorized" or "admin_only";

    public override string ToString() => Detail is null ? Code : $"{Code}: {Detail}";
}
