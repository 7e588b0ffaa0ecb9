using System.Net;
using Kataven.Accounts;
using Kataven.Grains.Placement;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Placement;

public sealed class PlacementBookTests
{
    private static readonly SiloAddress Idle = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1001), 1);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_short_peak_moves_nobody()
    {
        var book = new PlacementBook(new PlacementOptions(), _time);

        Assert.Equal([false, false, false, false, false, true, true], new[] { 0.9, 0.9, 0.5, 0.9, 0.9, 0.9, 0.9 }.Select(book.Look));
    }

    [Fact]
    public void After_a_move_the_load_is_looked_at_anew()
    {
        var book = new PlacementBook(new PlacementOptions(), _time);
        Assert.Equal([false, false, true], LookThrice(book));

        Assert.NotEmpty(Decide(book));

        Assert.Equal([false, false, true], LookThrice(book));
    }

    [Fact]
    public void No_more_accounts_move_in_a_minute_than_is_allowed()
    {
        var book = new PlacementBook(new PlacementOptions { MovesPerMinute = 2 }, _time);

        Assert.Equal(2, Decide(book).Count);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(Decide(book));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Decide(book).Count);
    }

    private static bool[] LookThrice(PlacementBook book) => [book.Look(0.9), book.Look(0.9), book.Look(0.9)];

    private static List<PlannedMove> Decide(PlacementBook book) => book.Decide(
        0.9, [.. Enumerable.Range(0, 9).Select(i => new AccountLoad(AccountId.Parse($"account{i}"), 0.1, true))], [new SiloLoad(Idle, 0)]);
}
