using System.Net;

namespace Kataven.Api.Tests.Authentication;

public sealed class KeyRotationTests : IAsyncLifetime
{
    private static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(10);

    private TestIssuer _issuer = null!;
    private TestFront _front = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _front = await TestFront.StartAsync(_issuer);
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var answer = await _front.AskAsync(token);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode[]> StatusesAsync(int count, Func<string> token) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StatusAsync(token())));

    private string TokenOfNobodysKey() => SigningKey.Elliptic().Token(_issuer.Payload());

    [Fact]
    public async Task Many_first_requests_fetch_the_key_set_once()
    {
        Assert.All(await StatusesAsync(32, () => _issuer.Token()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(1, _issuer.KeySetFetches);
    }

    [Fact]
    public async Task A_rotation_fails_no_request_however_soon_it_is_followed_by_another()
    {
        for (var rotation = 0; rotation < 5; rotation++)
        {
            var old = _issuer.Token();
            _issuer.Rotate();
            Assert.All(await StatusesAsync(16, () => _issuer.Token()), status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(old));
        }

        Assert.Equal(5, _issuer.KeySetFetches);
    }

    [Fact]
    public async Task Unknown_keys_make_the_key_set_be_fetched_at_most_once_per_cool_down()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
        Assert.All(await StatusesAsync(8, TokenOfNobodysKey), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(2, _issuer.KeySetFetches);

        _front.Time.Advance(CoolDown);
        Assert.All(await StatusesAsync(8, TokenOfNobodysKey), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.Equal(3, _issuer.KeySetFetches);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
    }

    [Fact]
    public async Task A_key_that_comes_within_a_cool_down_is_taken_after_it()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(TokenOfNobodysKey()));
        _issuer.Rotate();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(_issuer.Token()));
        _front.Time.Advance(CoolDown);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
    }

    [Fact]
    public async Task A_withdrawn_key_is_refused_once_the_key_set_is_old()
    {
        var old = _issuer.Token();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(old));
        _issuer.Rotate();
        _issuer.WithdrawOldKeys();
        _front.Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually(async () => await StatusAsync(old) == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
    }

    [Fact]
    public async Task Known_keys_serve_while_the_issuer_is_away()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
        _issuer.IsAway = true;
        _front.Time.Advance(TimeSpan.FromHours(1));
        Assert.All(await StatusesAsync(8, () => _issuer.Token()), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(TokenOfNobodysKey()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
    }

    [Fact]
    public async Task An_issuer_that_is_away_at_first_is_asked_again_after_a_second()
    {
        _issuer.IsAway = true;
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(_issuer.Token()));
        _issuer.IsAway = false;
        _front.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(_issuer.Token()));
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(10));
        while (!await condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
