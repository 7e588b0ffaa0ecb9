using Kataven.Errors;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Kataven.Api.Tenancy;

/// <summary>How the front door tries a grain call again that did not get through: which may be, how soon, and for how long.</summary>
internal sealed class GrainCalls(IGrainFactory grains, IOptions<RequestOptions> options, TimeProvider time)
{
    /// <summary>How long the service's own calls are tried: a silo that dies is replaced within two seconds, one that freezes within five.</summary>
    private static readonly TimeSpan RepeatFor = TimeSpan.FromSeconds(10);

    /// <summary>Makes a call that may run twice without harm, until it has an answer or has been tried for long enough.</summary>
    /// <param name="find">Gets the grain.</param>
    /// <param name="call">Calls it.</param>
    /// <param name="giveUp">The answer where there is none.</param>
    /// <param name="withoutDatabase">Whether it is made again too where the system database could not be used.</param>
    public async Task<T> RepeatAsync<TGrain, T>(Func<IGrainFactory, TGrain> find, Func<TGrain, Task<T>> call, T giveUp, bool withoutDatabase = false)
        where TGrain : class
    {
        var tries = new GrainTries(RepeatFor, time);
        do
        {
            try
            {
                if (TryFind(find, out var grain))
                {
                    return await call(grain);
                }
            }
            catch (Exception exception) when (IsLost(exception) || IsRejected(exception)
                || exception is OperationCanceledException || (withoutDatabase && exception is DatabaseUnavailableException))
            {
                // Another silo may answer. A member that has just gone makes Orleans cancel what it was addressing.
            }
        }
        while (await tries.PauseAsync(CancellationToken.None));

        return giveUp;
    }

    /// <summary>The tries of a request.</summary>
    /// <param name="deadline">How long its statement may run, where it says so.</param>
    public GrainTries Begin(TimeSpan? deadline) => new(deadline < options.Value.TryFor ? deadline.Value : options.Value.TryFor, time);

    /// <summary>False where this front door has just started: until the first silo's manifest has arrived it knows no grain.</summary>
    public bool TryFind<TGrain>(Func<IGrainFactory, TGrain> find, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TGrain? grain)
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
        exception is OrleansMessageRejectionException or GatewayTooBusyException && !IsLost(exception);
}
