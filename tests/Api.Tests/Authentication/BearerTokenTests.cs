using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Tests.Authentication;

/// <summary>Check 1 of CONTRACT.md section 2, over HTTP against an issuer with discovery.</summary>
public sealed class BearerTokenTests : IAsyncLifetime
{
    private static readonly RSA Rsa = RSA.Create(2048);

    private TestIssuer _issuer = null!;
    private TestFront _front = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(SigningKey.Rsa(Rsa));
        _front = await TestFront.StartAsync(_issuer);
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    private string PayloadText() => JsonSerializer.Serialize(_issuer.Payload());

    /// <summary>A payload that is right but for what is put into it as text.</summary>
    private string PayloadWith(string members) => $"{PayloadText()[..^1]},{members}}}";

    private static long InSeconds(int seconds) => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;

    private async Task RefusedAsync(string token, string reason)
    {
        using var answer = await _front.AskAsync(token);
        await RefusedAsync(answer, reason);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string? reason)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("unauthorized", problem.RootElement.GetProperty("code").GetString());
        var challenge = Assert.Single(answer.Headers.WwwAuthenticate);
        Assert.Equal("Bearer", challenge.Scheme);
        if (reason is null)
        {
            Assert.DoesNotContain("error", challenge.Parameter);
        }
        else
        {
            Assert.Contains("error=\"invalid_token\"", challenge.Parameter);
            Assert.Equal(reason, problem.RootElement.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task A_token_signed_with_RSA_is_taken_and_its_claims_are_at_hand()
    {
        using var answer = await _front.AskAsync(_issuer.Token());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("69629026806489455", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_token_signed_with_an_elliptic_curve_is_taken()
    {
        _issuer.Rotate(SigningKey.Elliptic());
        using var answer = await _front.AskAsync(_issuer.Token());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_audience_may_be_a_list_or_a_string()
    {
        using var answer = await _front.AskAsync(_issuer.Token(("aud", TestFront.Audience)));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_that_names_no_key_is_tried_with_all()
    {
        using var answer = await _front.AskAsync(_issuer.Key.Token(PayloadText(), namesKey: false));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("\"\\ud800\":1")]
    [InlineData("\"a\":\"\\ud800\"")]
    [InlineData("\"urn:zitadel:iam:org:project:roles\":7")]
    [InlineData("\"exp\":\"soon\"")]
    [InlineData("\"exp\":1e300")]
    [InlineData("\"exp\":-1")]
    [InlineData("\"exp\":null")]
    [InlineData("\"nbf\":[]")]
    [InlineData("\"aud\":7")]
    [InlineData("\"aud\":{}")]
    [InlineData("\"iss\":[]")]
    [InlineData("\"sub\":{\"a\":[]}")]
    [InlineData("\"a\":\u0001")]
    public async Task Strange_claims_of_the_issuers_own_are_no_internal_error(string members)
    {
        using var answer = await _front.AskAsync(_issuer.Key.Token(PayloadWith(members)));
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Unauthorized, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Claims_of_any_depth_are_no_internal_error()
    {
        var members = $"\"a\":{new string('[', 200)}{new string(']', 200)}";
        using var answer = await _front.AskAsync(_issuer.Key.Token(PayloadWith(members)));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_clock_that_differs_by_less_than_30_s_does_no_harm()
    {
        using var expired = await _front.AskAsync(_issuer.Token(("nbf", null), ("exp", InSeconds(-20))));
        Assert.Equal(HttpStatusCode.OK, expired.StatusCode);
        using var early = await _front.AskAsync(_issuer.Token(("nbf", InSeconds(20))));
        Assert.Equal(HttpStatusCode.OK, early.StatusCode);
    }

    [Fact]
    public Task An_expired_token_is_refused() =>
        RefusedAsync(_issuer.Token(("nbf", null), ("exp", InSeconds(-40))), "The token has expired.");

    [Fact]
    public Task A_token_that_is_not_valid_yet_is_refused() =>
        RefusedAsync(_issuer.Token(("nbf", InSeconds(60))), "The token is not valid yet.");

    [Fact]
    public Task A_token_without_an_expiry_is_refused() =>
        RefusedAsync(_issuer.Token(("exp", null)), "The token has no expiry.");

    [Fact]
    public async Task A_token_of_another_issuer_is_refused()
    {
        await RefusedAsync(_issuer.Token(("iss", "https://elsewhere.example.com")), "The token is of another issuer.");
        await RefusedAsync(_issuer.Token(("iss", null)), "The token is of another issuer.");
    }

    [Fact]
    public async Task A_token_for_another_audience_is_refused()
    {
        await RefusedAsync(_issuer.Token(("aud", new[] { "1", "2" })), "The token is for another audience.");
        await RefusedAsync(_issuer.Token(("aud", "1")), "The token is for another audience.");
        await RefusedAsync(_issuer.Token(("aud", null)), "The token is for another audience.");
        await RefusedAsync(_issuer.Token(("aud", Array.Empty<string>())), "The token is for another audience.");
    }

    [Fact]
    public async Task A_token_that_is_not_signed_is_refused()
    {
        await RefusedAsync(SigningKey.Token("none", null, PayloadText(), _ => []), "The token is not valid.");
        await RefusedAsync(SigningKey.Token("none", _issuer.Key.Id, PayloadText(), _ => []), "The token is not valid.");
        await RefusedAsync(SigningKey.Token("RS256", _issuer.Key.Id, PayloadText(), _ => []), "The token is not valid.");
    }

    [Fact]
    public async Task A_token_whose_secret_is_the_public_key_is_refused()
    {
        foreach (var secret in new[] { Rsa.ExportSubjectPublicKeyInfoPem(), Rsa.ExportRSAPublicKeyPem() })
        {
            var token = SigningKey.Token(
                "HS256", _issuer.Key.Id, PayloadText(), data => HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), data));
            using var answer = await _front.AskAsync(token);
            await RefusedAsync(answer, await DetailAsync(answer));
        }
    }

    [Fact]
    public async Task A_token_that_was_changed_is_refused()
    {
        var parts = _issuer.Token().Split('.');
        var payload = JsonSerializer.SerializeToUtf8Bytes(_issuer.Payload(("sub", "1")));
        await RefusedAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}", "The token is not valid.");
    }

    [Fact]
    public async Task A_token_of_another_instance_is_refused_although_it_names_the_same_organisation()
    {
        await using var other = await TestIssuer.StartAsync();
        await RefusedAsync(other.Token(), "The token is of another issuer.");
        using var forged = await _front.AskAsync(other.Token(("iss", _issuer.Url)));
        await RefusedAsync(forged, "The token is signed with a key that its issuer does not publish.");
    }

    [Theory]
    [InlineData("V2_279173498-at_279173498")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30")]
    [InlineData("e30.e30.e30.e30.e30")]
    [InlineData("W10.e30.AA")]
    public Task An_opaque_token_is_refused(string token) =>
        RefusedAsync(token, "The token is not a signed JWT. Opaque tokens are not taken.");

    [Fact]
    public async Task Garbage_of_any_length_is_refused()
    {
        using var plain = await _front.AskAsync(new string('x', 64 * 1024));
        await RefusedAsync(plain, await DetailAsync(plain));
        using var dotted = await _front.AskAsync($"e30.{new string('x', 64 * 1024)}.AA");
        await RefusedAsync(dotted, await DetailAsync(dotted));
    }

    [Fact]
    public async Task Without_a_token_the_challenge_names_no_error()
    {
        using var none = await _front.AskAsync(null);
        await RefusedAsync(none, null);
        using var basic = await _front.AskWithHeadersAsync("Basic YWNtZTphY21l");
        await RefusedAsync(basic, null);
    }

    [Fact]
    public async Task A_header_that_carries_no_token_or_two_is_refused()
    {
        var token = _issuer.Token();
        using var empty = await _front.AskWithHeadersAsync("Bearer ");
        await RefusedAsync(empty, "The bearer token is empty.");
        using var twice = await _front.AskWithHeadersAsync($"Bearer {token}, Bearer {token}");
        await RefusedAsync(twice, "The header Authorization carries more than one token.");
        using var doubled = await _front.AskWithHeadersAsync($"Bearer Bearer {token}");
        await RefusedAsync(doubled, "The header Authorization carries more than one token.");
        using var headers = await _front.AskWithHeadersAsync($"Bearer {token}", $"Bearer {token}");
        await RefusedAsync(headers, await DetailAsync(headers));
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return problem.RootElement.GetProperty("detail").GetString();
    }
}
