using System.Diagnostics.CodeAnalysis;
using Kataven.Api.Errors;
using Kataven.Errors;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Kataven.Api.Tenancy;

/// <summary>How the front door tries a grain call again that did not get through: which may be, how soon, and for how long.</summary>
internal sealed class GrainCalls(IGrainFactory grains, KnownMembers members, IOptions<RequestOptions> options, TimeProvider time)
{
    /// <summary>How long the service's own calls are tried: a silo that dies is replaced within two seconds, one that freezes within five.</summary>
    private static readonly TimeSpan RepeatFor = TimeSpan.FromSeconds(10);

    /// <summary>What goes beside a call, for a silo that gets it late.</summary>
    public KnownMembers Members => members;

    /// <summary>Makes a call that may run twice without harm, until it has an answer or has been tried for long enough.</summary>
    /// <param name="find">Gets the grain.</param>
    /// <param name="call">Calls it.</param>
    /// <param name="giveUp">The answer where there is none.</param>
    /// <param name="withoutDatabase">Whether it is made again too where the system database could not be used.</param>
    public async Task<T> RepeatAsync<TGrain, T>(Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, T giveUp, bool withoutDatabase = false)
        where TGrain : class
    {
        var tried = await TryAsync(find, call, withoutDatabase ? FailedSomewhere : HadNoAnswer, CancellationToken.None);
        return tried.IsAnswered ? tried.Answer! : giveUp;
    }

    /// <summary>Makes a call that changes nothing, or nothing that the caller would miss.</summary>
    /// <param name="find">Gets the grain.</param>
    /// <param name="call">Calls it.</param>
    /// <param name="aborted">Ends the tries.</param>
    /// <exception cref="UnansweredCall">There was no answer.</exception>
    public async Task<T> AskAsync<TGrain, T>(Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, CancellationToken aborted = default)
        where TGrain : class
    {
        var tried = await TryAsync(find, call, FailedSomewhere, aborted);
        return tried.IsAnswered ? tried.Answer! : throw UnansweredCall.WithNothingDone(tried.Failure);
    }

    /// <summary>The same, of how it is now where what the caller wants may be done already.</summary>
    /// <exception cref="UnansweredCall">There was no answer, which leaves the outcome unknown.</exception>
    public async Task<T> AskAfterChangeAsync<TGrain, T>(Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call)
        where TGrain : class
    {
        var tried = await TryAsync(find, call, FailedSomewhere, CancellationToken.None);
        return tried.IsAnswered ? tried.Answer! : throw UnansweredCall.WithUnknownOutcome(tried.Failure);
    }

    /// <summary>Makes a call that changes something, and leaves the same where it runs twice.</summary>
    /// <param name="find">Gets the grain.</param>
    /// <param name="call">Calls it.</param>
    /// <param name="aborted">Ends the tries: who is gone may have asked for the opposite elsewhere by the next one.</param>
    /// <exception cref="UnansweredCall">There was no answer; it says whether it may have happened.</exception>
    public Task<T> ChangeAsync<TGrain, T>(Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, CancellationToken aborted)
        where TGrain : class => ChangeAsync(find, call, Task.FromResult, aborted);

    /// <inheritdoc cref="ChangeAsync{TGrain, T}(Func{IGrainFactory, TGrain}, Func{TGrain, Task{T}}, CancellationToken)"/>
    /// <param name="settle">Where an answer comes after a try that may have run: finds out whether that is what it was refused for.</param>
    public async Task<T> ChangeAsync<TGrain, T>(
        Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, Func<T, Task<T>> settle, CancellationToken aborted)
        where TGrain : class
    {
        var tried = await TryAsync(find, call, FailedSomewhere, aborted);
        if (!tried.IsAnswered)
        {
            throw tried.MayHaveRun ? UnansweredCall.WithUnknownOutcome(tried.Failure) : UnansweredCall.WithNothingDone(tried.Failure);
        }

        return tried.MayHaveRun ? await settle(tried.Answer!) : tried.Answer!;
    }

    /// <summary>Makes a call that must not run twice: again only where it has not reached its grain.</summary>
    /// <exception cref="UnansweredCall">It reached none.</exception>
    public async Task<T> ChangeOnceAsync<TGrain, T>(Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, CancellationToken aborted)
        where TGrain : class
    {
        var tried = await TryAsync(find, call, IsRejected, aborted);
        return tried.IsAnswered ? tried.Answer! : throw UnansweredCall.WithNothingDone(tried.Failure);
    }

    /// <summary>The tries of a request.</summary>
    /// <param name="deadline">How long its statement may run, where it says so.</param>
    public GrainTries Begin(TimeSpan? deadline) => new(deadline < options.Value.TryFor ? deadline.Value : options.Value.TryFor, time);

    /// <summary>False where this front door has just started: until the first silo's manifest has arrived it knows no grain.</summary>
    public bool TryFind<TGrain>(Func<IGrainFactory, TGrain> find, [NotNullWhen(true)] out TGrain? grain)
        where TGrain : class
    {
        try
        {
            grain = find(grains);
            return true;
        }
        catch (ArgumentException)
        {
            grain = null;
            return false;
        }
    }

    /// <summary>The call may have run, or may be running: its answer is lost.</summary>
    public static bool IsLost(Exception exception) => exception is SiloUnavailableException or TimeoutException;

    /// <summary>The call did not reach its grain.</summary>
    public static bool IsRejected(Exception exception) =>
        exception is OrleansMessageRejectionException or GatewayTooBusyException or SentEarlierException && !IsLost(exception);

    /// <summary>Whatever the call was to change may be changed: its answer is lost, or what it uses failed under it.</summary>
    public static bool MayHaveRun(Exception exception) =>
        exception is TimeoutException or OrleansException or DatabaseUnavailableException or OperationCanceledException && !IsRejected(exception);

    /// <summary>Another silo may answer. A member that has just gone makes Orleans cancel what it was addressing.</summary>
    private static bool HadNoAnswer(Exception exception) => IsLost(exception) || IsRejected(exception) || exception is OperationCanceledException;

    private static bool FailedSomewhere(Exception exception) => HadNoAnswer(exception) || exception is DatabaseUnavailableException;

    private async Task<Tried<T>> TryAsync<TGrain, T>(
        Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, Func<Exception, bool> mayBeMadeAgain, CancellationToken aborted)
        where TGrain : class
    {
        var tries = new GrainTries(RepeatFor, time);
        var mayHaveRun = false;
        Exception? failure = null;
        do
        {
            try
            {
                if (TryFind(find, out var grain))
                {
                    members.Accompany();
                    return new Tried<T>(true, await call(grain), mayHaveRun, failure);
                }
            }
            catch (Exception exception) when (mayBeMadeAgain(exception))
            {
                failure = exception;
                mayHaveRun |= MayHaveRun(exception);
                tries.Note(exception);
                await members.LearnAsync(exception is SentEarlierException { Members: var version } ? version : 0, aborted);
            }
        }
        while (await MayGoOnAsync(tries, aborted));

        return new Tried<T>(false, default, mayHaveRun, failure);
    }

    /// <summary>False too where the caller has gone: whether something may have happened is told all the same, for the log.</summary>
    private static async Task<bool> MayGoOnAsync(GrainTries tries, CancellationToken aborted)
    {
        try
        {
            return await tries.PauseAsync(aborted);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What became of a call.</summary>
    /// <param name="IsAnswered">Whether there is an answer.</param>
    /// <param name="Answer">It, where there is one.</param>
    /// <param name="MayHaveRun">Whether a try may have run that was not answered.</param>
    /// <param name="Failure">What the last try failed with that did.</param>
    private readonly record struct Tried<T>(bool IsAnswered, T? Answer, bool MayHaveRun, Exception? Failure);
}
