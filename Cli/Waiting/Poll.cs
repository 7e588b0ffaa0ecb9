using Kataven.Cli.Http;

namespace Kataven.Cli.Waiting;

/// <summary>Asks again and again until something has ended.</summary>
internal sealed class Poll(CliConsole console)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // A front door that is replaced is away for seconds, while what is waited for goes on elsewhere.
    private const int FaultsInARow = 15;

    /// <param name="state">The first one, which is known already.</param>
    /// <param name="readAsync">The next one.</param>
    /// <param name="hasEnded">Whether it is the last one.</param>
    /// <param name="goesOn">What to tell whoever does not want to wait any longer.</param>
    /// <param name="show">Is told each state; the first one too.</param>
    /// <param name="cancellationToken">Ends the wait, and not what is waited for.</param>
    public async Task<T> UntilAsync<T>(
        T state,
        Func<CancellationToken, Task<T>> readAsync,
        Func<T, bool> hasEnded,
        string goesOn,
        Func<T, ProgressStep>? show,
        CancellationToken cancellationToken)
    {
        try
        {
            return show is null
                ? await RunAsync(state, readAsync, hasEnded, static _ => { }, cancellationToken)
                : await ProgressView.RunAsync(
                    console, draw => RunAsync(state, readAsync, hasEnded, next => draw(show(next)), cancellationToken));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            console.Error.WriteLine($"No longer waiting: {goesOn}");
            throw;
        }
    }

    private async Task<T> RunAsync<T>(
        T state, Func<CancellationToken, Task<T>> readAsync, Func<T, bool> hasEnded, Action<T> show, CancellationToken cancellationToken)
    {
        var pause = ShortestPause;
        var faults = 0;
        show(state);
        while (!hasEnded(state))
        {
            await Task.Delay(pause, console.Time, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            try
            {
                state = await readAsync(cancellationToken);
                faults = 0;
                show(state);
            }
            catch (Exception fault) when (MayPass(fault) && !cancellationToken.IsCancellationRequested && ++faults < FaultsInARow)
            {
            }
        }

        return state;
    }

    private static bool MayPass(Exception fault) => fault switch
    {
        Refusal refusal => ExitCode.OfStatus(refusal.Problem.Status) == ExitCode.Unavailable,
        CliFailure failure => failure.ExitCode == ExitCode.Unavailable,
        _ => false,
    };
}
