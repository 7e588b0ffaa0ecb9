using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Kataven.Api.Authentication;

/// <summary>Where issuer name and keys come from: the configured authority's discovery document, or our own development key.</summary>
internal abstract class IssuerMetadata
{
    /// <summary>For the log.</summary>
    public abstract string Address { get; }

    public abstract Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancellation);
}
