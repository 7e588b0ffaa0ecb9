using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kataven.Api.Tests.Authentication;

/// <summary>An OpenID Connect issuer with Zitadel's paths, whose keys can be rotated and which can be away.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private ImmutableList<SigningKey> _keys;
    private int _keySetFetches;

    private TestIssuer(WebApplication app, SigningKey key)
    {
        _app = app;
        _keys = [key];
        Key = key;
    }

    public SigningKey Key { get; private set; }

    public bool IsAway { get; set; }

    public int KeySetFetches => Volatile.Read(ref _keySetFetches);

    public string Url => _app.Urls.First();

    public static async Task<TestIssuer> StartAsync(SigningKey? key = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var issuer = new TestIssuer(app, key ?? SigningKey.Elliptic());
        app.MapGet("/.well-known/openid-configuration", () => issuer.Answer(() => new Dictionary<string, object>
        {
            ["issuer"] = issuer.Url,
            ["jwks_uri"] = $"{issuer.Url}/oauth/v2/keys",
        }));
        app.MapGet("/oauth/v2/keys", () =>
        {
            Interlocked.Increment(ref issuer._keySetFetches);
            return issuer.Answer(issuer.KeySet);
        });
        await app.StartAsync();
        return issuer;
    }

    /// <summary>From now on signs with a new key, and publishes it beside the old ones.</summary>
    public void Rotate(SigningKey? key = null)
    {
        Key = key ?? SigningKey.Elliptic();
        _keys = _keys.Add(Key);
    }

    /// <summary>Publishes the current key alone.</summary>
    public void WithdrawOldKeys() => _keys = [Key];

    /// <summary>A token with Zitadel's claims. A change of null takes the claim away.</summary>
    public string Token(params (string Claim, object? Value)[] changes) => Key.Token(Payload(changes));

    public Dictionary<string, object> Payload(params (string Claim, object? Value)[] changes)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object>
        {
            ["iss"] = Url,
            ["sub"] = "69629026806489455",
            ["aud"] = new[] { "69234237810729019", TestFront.Audience },
            ["exp"] = now + 3600,
            ["iat"] = now,
            ["nbf"] = now,
            ["urn:zitadel:iam:user:resourceowner:id"] = "69629023906488334",
            ["urn:zitadel:iam:user:resourceowner:name"] = "ACME",
        };
        foreach (var (claim, value) in changes)
        {
            payload.Remove(claim);
            if (value is not null)
            {
                payload[claim] = value;
            }
        }

        return payload;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(Func<Dictionary<string, object>> document) =>
        IsAway ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Json(document());

    // A real key set may carry kinds of keys that the framework does not know: they must not spoil the others.
    private Dictionary<string, object> KeySet() => new()
    {
        ["keys"] = _keys.Select(key => key.Published).Append(new()
        {
            ["kty"] = "OKP",
            ["crv"] = "Ed25519",
            ["kid"] = "edwards",
            ["use"] = "sig",
            ["alg"] = "EdDSA",
            ["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        }).ToArray(),
    };
}
