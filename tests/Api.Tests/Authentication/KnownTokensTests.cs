using System.Security.Claims;
using Kataven.Api.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Tests.Authentication;

public sealed class KnownTokensTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FixedMetadata _metadata = new();
    private readonly IssuerKeys _keys;
    private readonly KnownTokens _tokens;

    public KnownTokensTests()
    {
        _keys = new IssuerKeys(_metadata, Options.Create(new AuthOptions()), _time, NullLogger<IssuerKeys>.Instance);
        _tokens = new KnownTokens(_keys, _time);
    }

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task A_token_is_known_until_it_expires()
    {
        await _keys.PrepareAsync(null, TestContext.Current.CancellationToken);
        var known = Known(TimeSpan.FromMinutes(1));
        _tokens.Add("a.b.c", known);

        Assert.Same(known, _tokens.Find("a.b.c"));
        Assert.Null(_tokens.Find("a.b.d"));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_tokens.Find("a.b.c"));
    }

    [Fact]
    public async Task Keys_that_are_fetched_again_make_every_token_be_validated_anew()
    {
        await _keys.PrepareAsync(null, TestContext.Current.CancellationToken);
        _tokens.Add("a.b.c", Known(TimeSpan.FromHours(1)));

        await _keys.PrepareAsync("another", TestContext.Current.CancellationToken);

        Assert.Null(_tokens.Find("a.b.c"));
    }

    [Fact]
    public async Task They_are_bounded_and_those_in_use_stay()
    {
        await _keys.PrepareAsync(null, TestContext.Current.CancellationToken);
        var known = Known(TimeSpan.FromHours(1));
        _tokens.Add("kept", known);
        for (var i = 0; i < 3 * KnownTokens.Capacity; i++)
        {
            _tokens.Add($"{i}", known);
            Assert.NotNull(_tokens.Find("kept"));
        }

        Assert.InRange(_tokens.Count, 1, 2 * KnownTokens.Capacity);
        _tokens.Add(new string('x', KnownTokens.LongestToken + 1), known);
        Assert.Null(_tokens.Find(new string('x', KnownTokens.LongestToken + 1)));
    }

    private KnownToken Known(TimeSpan left) => new(new ClaimsPrincipal(), new TokenClaims(), null, _keys.Current!, _time.GetUtcNow() + left);

    private sealed class FixedMetadata : IssuerMetadata
    {
        public override string Address => "fixed";

        public override Task<OpenIdConnectConfiguration> FetchAsync(CancellationToken cancellation)
        {
            var configuration = new OpenIdConnectConfiguration();
            configuration.SigningKeys.Add(new SymmetricSecurityKey(new byte[32]));
            return Task.FromResult(configuration);
        }
    }
}
