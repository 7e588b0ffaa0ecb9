using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Tests.Authentication;

/// <summary>Tokens that would have the service use a key for what it is not, or a key of the caller's.</summary>
public sealed class KeyConfusionTests : IAsyncLifetime
{
    private static readonly RSA Rsa = RSA.Create(2048);

    private static readonly SigningKey Elliptic = SigningKey.Elliptic();

    private TestIssuer _issuer = null!;
    private TestFront _front = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(SigningKey.Rsa(Rsa));
        _issuer.Rotate(Elliptic);
        _issuer.Rotate(SigningKey.Rsa(Rsa));
        _front = await TestFront.StartAsync(_issuer);
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    private string Payload => JsonSerializer.Serialize(_issuer.Payload());

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("hs256")]
    public async Task No_form_of_the_public_key_is_a_secret(string algorithm)
    {
        var numbers = Rsa.ExportParameters(false);
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(Rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            Encoding.ASCII.GetBytes(Rsa.ExportRSAPublicKeyPem()), Rsa.ExportSubjectPublicKeyInfo(), Rsa.ExportRSAPublicKey(), numbers.Modulus!,
            Encoding.ASCII.GetBytes(Base64UrlEncoder.Encode(numbers.Modulus)), JsonSerializer.SerializeToUtf8Bytes(_issuer.Key.Published),
            JsonSerializer.SerializeToUtf8Bytes(Elliptic.Published), [],
        ];
        foreach (var secret in secrets)
        {
            foreach (var keyId in new[] { _issuer.Key.Id, Elliptic.Id, null })
            {
                await RefusedAsync(SigningKey.Token(algorithm, keyId, Payload, data => Hmac(algorithm, secret, data)));
            }
        }
    }

    [Fact]
    public async Task A_key_of_one_kind_verifies_no_signature_of_another()
    {
        foreach (var (algorithm, key) in new[] { ("ES256", _issuer.Key.Id), ("RS256", Elliptic.Id), ("PS256", Elliptic.Id), ("ES384", Elliptic.Id), ("EdDSA", Elliptic.Id) })
        {
            await RefusedAsync(SigningKey.Token(algorithm, key, Payload, data => Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        }
    }

    [Fact]
    public async Task A_signature_of_nothing_but_zeros_is_none()
    {
        foreach (var length in new[] { 0, 1, 64, 96, 256 })
        {
            await RefusedAsync(SigningKey.Token("ES256", Elliptic.Id, Payload, _ => new byte[length]));
            await RefusedAsync(SigningKey.Token("RS256", _issuer.Key.Id, Payload, _ => new byte[length]));
        }
    }

    [Fact]
    public async Task A_key_that_the_token_brings_along_or_points_to_is_not_used()
    {
        var own = SigningKey.Elliptic();
        await using var elsewhere = await TestIssuer.StartAsync(own);
        foreach (var member in new Dictionary<string, object>
        {
            ["jwk"] = own.Published,
            ["jku"] = $"{elsewhere.Url}/oauth/v2/keys",
            ["x5u"] = $"{elsewhere.Url}/oauth/v2/keys",
            ["iss"] = elsewhere.Url,
        })
        {
            foreach (var keyId in new[] { own.Id, Elliptic.Id })
            {
                await RefusedAsync(Token(new() { ["alg"] = "ES256", ["kid"] = keyId, [member.Key] = member.Value }, own));
            }
        }

        Assert.Equal(0, elsewhere.KeySetFetches);
    }

    [Theory]
    [InlineData("../../../../dev/null")]
    [InlineData("/proc/sys/kernel/randomize_va_space")]
    [InlineData("http://127.0.0.1:1/key")]
    [InlineData("' or '1'='1")]
    [InlineData("x' union select 'AA' --")]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("\0")]
    public async Task A_key_id_is_compared_and_nothing_else(string keyId)
    {
        var own = SigningKey.Elliptic();
        await RefusedAsync(Token(new() { ["alg"] = "ES256", ["kid"] = keyId }, own));
        await RefusedAsync(SigningKey.Token("HS256", keyId, Payload, data => Hmac("HS256", [], data)));
    }

    [Fact]
    public async Task Key_ids_that_nobody_has_make_the_keys_be_fetched_once()
    {
        using var known = await _front.AskAsync(_issuer.Token());
        Assert.Equal(200, (int)known.StatusCode);
        var before = _issuer.KeySetFetches;
        for (var i = 0; i < 50; i++)
        {
            await RefusedAsync(Token(new() { ["alg"] = "ES256", ["kid"] = $"nobody-{i}" }, SigningKey.Elliptic()));
        }

        Assert.InRange(_issuer.KeySetFetches - before, 0, 1);
    }

    [Fact]
    public async Task A_header_that_says_two_things_or_wants_what_is_not_understood_is_refused()
    {
        var unsigned = $$"""{"alg":"ES256","kid":"{{Elliptic.Id}}","alg":"none"}""";
        await RefusedAsync($"{Base64UrlEncoder.Encode(unsigned)}.{Base64UrlEncoder.Encode(Payload)}.");
        await RefusedAsync(Token(new() { ["alg"] = new[] { "ES256" }, ["kid"] = Elliptic.Id }, SigningKey.Elliptic()));
        await RefusedAsync($"{Base64UrlEncoder.Encode("""{"alg":"dir","enc":"A128GCM"}""")}..AA.AA.AA");
    }

    private string Token(Dictionary<string, object> header, SigningKey key)
    {
        var signed = $"{Base64UrlEncoder.Encode(JsonSerializer.Serialize(header))}.{Base64UrlEncoder.Encode(Payload)}";
        return $"{signed}.{key.Token(Payload).Split('.')[2]}";
    }

    private static byte[] Hmac(string algorithm, byte[] secret, byte[] data) => algorithm.ToUpperInvariant() switch
    {
        "HS384" => HMACSHA384.HashData(secret, data),
        "HS512" => HMACSHA512.HashData(secret, data),
        _ => HMACSHA256.HashData(secret, data),
    };

    private async Task RefusedAsync(string token)
    {
        using var answer = await _front.AskAsync(token);
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }
}
