using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Api.Observability;
using Kataven.Observability;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tenancy;

/// <summary>
/// ③ Asks the registry grain, and remembers for a moment what was active. Whatever would be refused is asked about again.
/// </summary>
internal sealed class Registry(GrainCalls calls, IOptions<RegistryOptions> options, TimeProvider time)
{
    /// <summary>Entries at most: those that are out of date go when it is full.</summary>
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<AccountId, Remembered> _active = new();

    /// <summary>
    /// What was remembered longer ago still holds where nobody answers at once, as while a silo is frozen: the tenant grain has the
    /// row as it is now, and sends back whoever was let in by an older one.
    /// </summary>
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(250);

    public ValueTask<RegistryAnswer> FindAsync(AccountId id) =>
        Recall(id) is { } remembered ? ValueTask.FromResult(remembered) : AskOrRecallAsync(id);

    /// <summary>What is remembered, or null.</summary>
    public RegistryAnswer? Recall(AccountId id)
    {
        if (_active.TryGetValue(id, out var remembered) && time.GetElapsedTime(remembered.At) < options.Value.CacheFor)
        {
            RequestMetrics.RegistryHit();
            return remembered.Answer;
        }

        return null;
    }

    /// <summary>Has the table asked, whatever is known: it takes as long for an account that is there as for one that is not.</summary>
    public async Task<RegistryAnswer> FindFreshAsync(AccountId id)
    {
        RequestMetrics.RegistryAsked();
        using var span = RequestPath.Registry(id);
        return await calls.RepeatAsync(FindGrain, registry => registry.FindFreshAsync(id), new RegistryAnswer(null, false));
    }

    public Task<OrganisationAnswer> FindByOrganisationsAsync(ImmutableArray<string> organisationIds) =>
        organisationIds.IsEmpty ? Task.FromResult(new OrganisationAnswer([], true)) : calls.RepeatAsync(
            FindGrain, registry => registry.FindByOrganisationsAsync(organisationIds), new OrganisationAnswer([], false));

    /// <summary>The tenant grain has seen a newer row.</summary>
    public void Forget(AccountId id) => _active.TryRemove(id, out _);

    private static IAccountRegistryGrain FindGrain(IGrainFactory grains) => grains.GetGrain<IAccountRegistryGrain>(0);

    private async ValueTask<RegistryAnswer> AskOrRecallAsync(AccountId id)
    {
        var asking = AskAsync(id);
        if (!_active.TryGetValue(id, out var former) || time.GetElapsedTime(former.At) > HoldsFor)
        {
            return await asking;
        }

        try
        {
            return await asking.WaitAsync(AtOnce, time);
        }
        catch (TimeoutException)
        {
            return former.Answer;
        }
    }

    private async Task<RegistryAnswer> AskAsync(AccountId id)
    {
        RequestMetrics.RegistryAsked();
        using var span = RequestPath.Registry(id);
        var at = time.GetTimestamp();
        var answer = await calls.RepeatAsync(FindGrain, registry => registry.FindAsync(id), new RegistryAnswer(null, false));
        if (answer.Entry is { Status: AccountStatus.Active })
        {
            if (_active.Count >= Capacity)
            {
                _active.Clear();
            }

            _active[id] = new Remembered(answer, at);
        }
        else
        {
            Forget(id);
        }

        return answer;
    }

    private sealed record Remembered(RegistryAnswer Answer, long At);
}
