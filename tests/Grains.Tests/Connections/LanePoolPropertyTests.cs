using CsCheck;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Kataven.Testing;

namespace Kataven.Grains.Tests.Connections;

public sealed class LanePoolPropertyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private enum Act
    {
        Rent,
        Return,
        GoAway,
        Raise,
        Lower,
        Stop,
        Start,
        Break,
    }

    [Fact]
    public Task Whatever_is_done_in_whatever_order_the_cap_holds_and_nobody_waits_while_a_place_is_free() =>
        Gen.Select(Gen.Int[1, 4], Gen.Enum<Act>().Array[1, 60]).SampleAsync(
            async (lanes, acts) => await RunAsync(lanes, acts), iter: 300);

    private static async Task RunAsync(int maxLanes, Act[] acts)
    {
        var breaks = false;
        var slots = new FakeSlots();
        var source = new FakeLanes { Resets = () => !breaks };
        var pool = new LanePool(source, slots, Limits(maxLanes), TimeProvider.System);
        var renting = new List<(Task<LaneGrant> Grant, CancellationTokenSource Gone)>();
        var most = maxLanes;
        foreach (var act in acts)
        {
            switch (act)
            {
                case Act.Rent:
                    var gone = new CancellationTokenSource();
                    renting.Add((pool.RentAsync(gone.Token).AsTask(), gone));
                    break;
                case Act.Return:
                    ReturnFirst(pool, renting);
                    break;
                case Act.GoAway when renting.Count > 0:
                    await renting[^1].Gone.CancelAsync();
                    break;
                case Act.Raise or Act.Lower:
                    maxLanes = Math.Clamp(maxLanes + (act == Act.Raise ? 1 : -1), 1, 6);
                    most = Math.Max(most, maxLanes);
                    pool.Apply(Limits(maxLanes));
                    break;
                case Act.Stop:
                    pool.Stop(Refusal.Of(ErrorCode.AccountInactive, "stopped"));
                    break;
                case Act.Start:
                    pool.Start();
                    break;
                case Act.Break:
                    breaks = !breaks;
                    break;
            }

            var counts = pool.Counts;
            Assert.InRange(counts.Open, 0, most);
            Assert.Equal(counts.Open, slots.Taken);
            Assert.True(counts.Waiting == 0 || counts.Opening > 0 || counts.Open >= maxLanes, "a place is free, and somebody waits");
        }

        await Eventually.Async(
            () =>
            {
                ReturnFirst(pool, renting);
                return renting.Count == 0;
            },
            Patience,
            "everybody was answered");
        Assert.Equal(pool.Counts.Open, pool.Counts.Idle);
        Assert.InRange(pool.Counts.Open, 0, maxLanes);
        pool.Stop(Refusal.Of(ErrorCode.AccountInactive, "stopped"));
        await pool.WhenEmptyAsync().WaitAsync(Patience);
        Assert.Equal(0, slots.Taken);
    }

    /// <summary>Gives back the lane that has been lent for longest, and forgets who was refused.</summary>
    private static void ReturnFirst(LanePool pool, List<(Task<LaneGrant> Grant, CancellationTokenSource Gone)> renting)
    {
        renting.RemoveAll(one => one.Grant is { IsCompletedSuccessfully: true, Result.Lane: null });
        if (renting.Find(one => one.Grant.IsCompletedSuccessfully) is { Grant: { } first } found)
        {
            renting.Remove(found);
            pool.Return(first.Result.Lane!);
        }
    }

    private static LaneLimits Limits(int maxLanes) => new(maxLanes, 1_000, Long);
}
