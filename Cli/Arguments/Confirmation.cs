namespace Kataven.Cli.Arguments;

/// <summary>Asks for an account's slug before what cannot be undone; where nobody can be asked, <c>--yes</c> has to be said.</summary>
internal static class Confirmation
{
    /// <param name="console">Where it asks.</param>
    /// <param name="account">The slug that has to be typed.</param>
    /// <param name="what">What will happen, as the beginning of a sentence.</param>
    /// <param name="nothing">What has not happened where it is declined.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public static async Task AskAsync(CliConsole console, string account, string what, string nothing, CancellationToken cancellationToken)
    {
        if (!console.InIsTerminal)
            throw new CliFailure(ExitCode.Usage, $"{what}: say --yes, since there is no terminal to ask on.");

        await console.Error.WriteAsync($"{what}. Type its slug to go on: ");
        var typed = await Task.Run(console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        if (typed?.Trim() != account)
            throw new CliFailure(ExitCode.Usage, $"That is not its slug: {nothing}.");
    }
}
