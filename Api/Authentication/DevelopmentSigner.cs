using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Authentication;

/// <summary>Signs development tokens, and publishes the public half of its key.</summary>
internal sealed class DevelopmentSigner
{
    private readonly JsonWebTokenHandler _tokens = new();
    private readonly SigningCredentials _credentials;

    private DevelopmentSigner(AsymmetricSecurityKey key, JsonWebKey published)
    {
        KeyId = Base64UrlEncoder.Encode(published.ComputeJwkThumbprint());
        published.Kid = key.KeyId = KeyId;
        published.Use = JsonWebKeyUseNames.Sig;
        Key = key;
        Published = published;
        _credentials = new SigningCredentials(key, published.Alg);
    }

    /// <summary>The key's thumbprint (RFC 7638), so that it is the same at each front door.</summary>
    public string KeyId { get; }

    public SecurityKey Key { get; }

    /// <summary>The public half.</summary>
    public JsonWebKey Published { get; }

    /// <param name="pem">A private key, PKCS#8: EC on P-256 (ES256), or RSA (RS256).</param>
    /// <exception cref="CryptographicException">It is neither.</exception>
    public static DevelopmentSigner Of(string pem)
    {
        try
        {
            return OfEllipticCurve(pem);
        }
        catch (CryptographicException)
        {
            return OfRsa(pem);
        }
    }

    /// <param name="payload">The claims as JSON.</param>
    public string Sign(string payload) => _tokens.CreateToken(payload, _credentials);

    private static DevelopmentSigner OfEllipticCurve(string pem)
    {
        var elliptic = ECDsa.Create();
        elliptic.ImportFromPem(pem);
        var point = elliptic.ExportParameters(includePrivateParameters: false).Q;
        return new DevelopmentSigner(new ECDsaSecurityKey(elliptic), new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            Alg = SecurityAlgorithms.EcdsaSha256,
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
        });
    }

    private static DevelopmentSigner OfRsa(string pem)
    {
        var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new DevelopmentSigner(new RsaSecurityKey(rsa), new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.RSA,
            Alg = SecurityAlgorithms.RsaSha256,
            N = Base64UrlEncoder.Encode(parameters.Modulus),
            E = Base64UrlEncoder.Encode(parameters.Exponent),
        });
    }
}
