using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Tests.Authentication;

/// <summary>A key of the test's issuer. It signs by hand, so that a test can sign what no library would.</summary>
internal sealed class SigningKey
{
    private readonly Func<byte[], byte[]> _sign;

    private SigningKey(string algorithm, Dictionary<string, object> published, Func<byte[], byte[]> sign)
    {
        Id = Guid.NewGuid().ToString("N");
        Algorithm = algorithm;
        _sign = sign;
        Published = published;
        published["kid"] = Id;
        published["use"] = "sig";
        published["alg"] = algorithm;
    }

    public string Id { get; }

    public string Algorithm { get; }

    public Dictionary<string, object> Published { get; }

    public static SigningKey Rsa(RSA? rsa = null)
    {
        rsa ??= RSA.Create(2048);
        var parameters = rsa.ExportParameters(false);
        var published = new Dictionary<string, object>
        {
            ["kty"] = "RSA",
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
        return new SigningKey("RS256", published, data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public static SigningKey Elliptic()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        var published = new Dictionary<string, object>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(point.X),
            ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
        return new SigningKey("ES256", published, data => key.SignData(data, HashAlgorithmName.SHA256));
    }

    public string Token(Dictionary<string, object> payload) => Token(JsonSerializer.Serialize(payload));

    /// <param name="payload">Its text as it is.</param>
    /// <param name="namesKey">False for a token without <c>kid</c>.</param>
    public string Token(string payload, bool namesKey = true) => Token(Algorithm, namesKey ? Id : null, payload, _sign);

    public static string Token(string algorithm, string? keyId, string payload, Func<byte[], byte[]> sign)
    {
        var header = new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        var signed = $"{Base64UrlEncoder.Encode(JsonSerializer.Serialize(header))}.{Base64UrlEncoder.Encode(payload)}";
        return $"{signed}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}
