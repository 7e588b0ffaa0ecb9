using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Kataven.Api.Authentication;

/// <summary>Reads the discovery document of the authority, and the key set that it names.</summary>
internal sealed class AuthorityMetadata : IssuerMetadata, IDisposable
{
    /// <summary>For both documents together. Requests with an unknown key wait for them, so it is short.</summary>
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    private const int MaxDocumentBytes = 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = MaxDocumentBytes,
    };

    private readonly HttpDocumentRetriever _documents;

    public AuthorityMetadata(IOptions<AuthOptions> options)
    {
        Address = options.Value.Authority!.TrimEnd('/') + "/.well-known/openid-configuration";
        _documents = new HttpDocumentRetriever(_http) { RequireHttps = options.Value.RequireHttpsMetadata };
    }

    public override string Address { get; }

    public override async Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(FetchTimeout);
        return await OpenIdConnectConfigurationRetriever.GetAsync(Address, _documents, limit.Token);
    }

    public void Dispose() => _http.Dispose();
}
