using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Kataven.Api.Authentication;

/// <summary>
/// The issuer's signing keys. Asked before a token is validated, so that a token of a key that is not known yet is
/// validated with the key set that was fetched for it: the framework's own manager fetches behind such a request,
/// which fails, and a rotation would cost one request or more at each front door.
/// </summary>
/// <remarks>
/// Anybody can send tokens that name keys nobody has. So a fetch that did not bring the key is followed by a cool-down,
/// in which unknown keys are refused at once. One that did bring it is not: only the issuer can cause those.
/// </remarks>
internal sealed partial class IssuerKeys(
    IssuerMetadata metadata, IOptions<AuthOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
    : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    /// <summary>How soon an issuer that has not answered yet is asked again, where the cool-down is longer.</summary>
    private static readonly TimeSpan FirstFetchRetry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private volatile KeySet? _current;
    private long _fruitlessAt = -1;

    /// <summary>The keys that tokens are validated with now, or null before there are any.</summary>
    public KeySet? Current => _current;

    /// <summary>Whether the key is at hand, so that nothing has to be waited for. Keys that have become old are fetched behind it.</summary>
    public bool IsAtHand(string? keyId)
    {
        if (_current is not { } known || !known.Has(keyId))
        {
            return false;
        }

        RefreshBehindWhenOld(known);
        return true;
    }

    /// <summary>Makes the key available where the issuer has it. Does not throw where the issuer cannot be reached.</summary>
    /// <returns>False where no key at all is known, so that nothing can be validated.</returns>
    public async ValueTask<bool> PrepareAsync(string? keyId, CancellationToken cancellation)
    {
        if (IsAtHand(keyId))
        {
            return true;
        }

        if (!IsCoolingDown())
        {
            await FetchForAsync(keyId, cancellation);
        }

        return _current is not null;
    }

    /// <summary>What <see cref="PrepareAsync"/> has made available: the validation itself never waits.</summary>
    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        Task.FromResult(_current?.Configuration ?? throw new InvalidOperationException("No key set was fetched yet."));

    public void RequestRefresh()
    {
        // PrepareAsync has fetched whatever there was to fetch.
    }

    public void Dispose() => _fetching.Dispose();

    private async Task FetchForAsync(string? keyId, CancellationToken cancellation)
    {
        await _fetching.WaitAsync(cancellation);
        try
        {
            // Whoever held the turn before may have brought the key, or learnt that it is not there.
            if ((_current is null || !_current.Has(keyId)) && !IsCoolingDown())
            {
                await FetchAsync_NeedsTurn();
                if (_current is null || !_current.Has(keyId))
                {
                    Volatile.Write(ref _fruitlessAt, time.GetTimestamp());
                }
            }
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task FetchAsync_NeedsTurn()
    {
        try
        {
            // Not the caller's cancellation: others wait for the same answer.
            var configuration = await metadata.FetchAsync(CancellationToken.None);
            if (configuration.SigningKeys.Count == 0)
            {
                LogNoKeys(metadata.Address);
                return;
            }

            _current = new KeySet(configuration, time.GetTimestamp());
        }
        catch (Exception fault)
        {
            LogUnreachable(fault, metadata.Address);
        }
    }

    private void RefreshBehindWhenOld(KeySet known)
    {
        if (time.GetElapsedTime(known.FetchedAt) >= options.Value.KeyLifetime && _fetching.Wait(0))
        {
            _ = RefreshAsync_NeedsTurn(known);
        }
    }

    private async Task RefreshAsync_NeedsTurn(KeySet known)
    {
        try
        {
            if (ReferenceEquals(known, _current))
            {
                await FetchAsync_NeedsTurn();

                // An issuer that is away is asked again after another lifetime, not at each request.
                _current = ReferenceEquals(known, _current) ? known with { FetchedAt = time.GetTimestamp() } : _current;
            }
        }
        finally
        {
            _fetching.Release();
        }
    }

    private bool IsCoolingDown()
    {
        var at = Volatile.Read(ref _fruitlessAt);
        var coolDown = options.Value.KeyRefreshCoolDown;
        coolDown = _current is null && coolDown > FirstFetchRetry ? FirstFetchRetry : coolDown;
        return at >= 0 && time.GetElapsedTime(at) < coolDown;
    }
}
