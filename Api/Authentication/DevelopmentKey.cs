using System.Security.Cryptography;
using Kataven.Cluster;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Kataven.Api.Authentication;

/// <summary>The development issuer's key: one for all front doors, so each takes the tokens of the others.</summary>
internal sealed class DevelopmentKey(IGrainFactory grains, IOptions<AuthOptions> options, TimeProvider time) : IssuerMetadata
{
    private const int Attempts = 10;

    /// <summary>A front door cannot reach a grain before the cluster's manifest has arrived: up to 0.7 s.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private volatile DevelopmentSigner? _signer;

    public override string Address => options.Value.DevelopmentIssuer;

    public async ValueTask<DevelopmentSigner> GetAsync(CancellationToken cancellation) => _signer ?? await AskAsync(cancellation);

    /// <summary>Asks anew, for the token of a key that is not known: the system database may be another one now.</summary>
    public override async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancellation)
    {
        var signer = await AskAsync(cancellation);
        return new OpenIdConnectConfiguration { Issuer = options.Value.DevelopmentIssuer, SigningKeys = { signer.Key } };
    }

    private async Task<DevelopmentSigner> AskAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var signer = DevelopmentSigner.Of(await grains.GetGrain<IDevelopmentKeyGrain>(0).GetAsync());
                return _signer = _signer?.KeyId == signer.KeyId ? _signer : signer;
            }
            catch (Exception fault) when (attempt < Attempts && fault is not CryptographicException)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
