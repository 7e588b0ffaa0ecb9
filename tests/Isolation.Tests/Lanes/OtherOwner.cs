using Kataven.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Isolation.Tests.Lanes;

/// <summary>A pool of an account beside that of its grain.</summary>
internal sealed class OtherOwner : IAsyncDisposable
{
    private readonly TenantPools _pools;
    private volatile bool _isStopped;
    private Lane? _lane;

    public OtherOwner(IServiceProvider services, AccountId account)
    {
        _pools = services.GetRequiredService<TenantPools>();
        var grain = services.GetRequiredService<IGrainFactory>().GetGrain<IAccountGrain>(account.Value);
        Pool = _pools.Open(account, grain.AdoptAsync, () => _isStopped = true);
    }

    public TenantPool Pool { get; }

    public Lane Lane => _lane!;

    /// <summary>It was told that it has to go.</summary>
    public bool IsStopped => _isStopped;

    public async Task TakeLaneAsync(CancellationToken cancellation)
    {
        var grant = await Pool.RentAsync(cancellation);
        Assert.True(grant.Lane is not null, grant.Refusal?.Detail);
        _lane = grant.Lane;
    }

    public void ReturnLane()
    {
        if (_lane is { } lane)
        {
            _lane = null;
            Pool.Lanes.Return(lane);
        }
    }

    public async ValueTask DisposeAsync()
    {
        ReturnLane();
        await _pools.CloseAsync(Pool);
    }
}
