using System.Collections.Frozen;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Kataven.Api.Authentication;

/// <summary>What the issuer published, and when it was fetched.</summary>
internal sealed record KeySet(OpenIdConnectConfiguration Configuration, long FetchedAt)
{
    private readonly FrozenSet<string> _ids =
        Configuration.SigningKeys.Select(key => key.KeyId).Where(id => !string.IsNullOrEmpty(id)).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True also for a token that names no key: all are tried for it.</summary>
    public bool Has(string? keyId) => keyId is null || _ids.Contains(keyId);
}
