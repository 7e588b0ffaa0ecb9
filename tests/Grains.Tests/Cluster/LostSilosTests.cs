using System.Net;
using Kataven.Grains.Cluster;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>Which calls may come from a silo that is lost, by what their senders knew of the members.</summary>
public sealed class LostSilosTests
{
    private static readonly SiloAddress One = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1);
    private static readonly SiloAddress Other = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11112), 1);

    private readonly FakeMembership _members = new();
    private readonly LostSilos _lost;

    public LostSilosTests()
    {
        _members.Become(One, SiloStatus.Active);
        _members.Become(Other, SiloStatus.Active);
        _lost = new LostSilos(_members);
    }

    [Fact]
    public void While_silos_only_come_and_drain_a_call_runs_whatever_its_sender_knew()
    {
        var sent = _members.Version;
        _members.Become(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11113), 1), SiloStatus.Active);
        Assert.Null(_lost.RefusalOf(sent));
        _members.Become(Other, SiloStatus.ShuttingDown);

        Assert.Null(_lost.RefusalOf(sent));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_one_is_lost_only_what_was_sent_since_runs(bool joinsAnother)
    {
        var sent = _members.Version;
        _members.Become(Other, SiloStatus.Dead);
        var loss = _members.Version;
        Assert.Equal((true, loss), (_lost.RefusalOf(sent)!.DidNotRun, _lost.RefusalOf(sent)!.Members));
        if (joinsAnother)
        {
            _members.Become(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11112), 2), SiloStatus.Active);
        }

        Assert.Equal(loss, _lost.RefusalOf(sent)!.Members);
        Assert.Null(_lost.RefusalOf(loss));
        // Whoever has heard of more than this silo is not behind.
        Assert.Null(_lost.RefusalOf(_members.Version + 1));
    }

    [Fact]
    public void A_loss_at_which_nobody_called_is_noticed_all_the_same()
    {
        var sent = _members.Version;
        _members.Become(Other, SiloStatus.Dead);
        _members.Become(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11113), 1), SiloStatus.Active);

        Assert.NotNull(_lost.RefusalOf(sent));
    }

    [Fact]
    public void One_that_came_and_went_while_nobody_called_was_lost_too()
    {
        var late = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11113), 1);
        _members.Become(late, SiloStatus.Active);
        var sent = _members.Version;
        _members.Become(late, SiloStatus.Dead);

        Assert.NotNull(_lost.RefusalOf(sent));
    }

    [Fact]
    public void What_was_sent_before_a_silo_began_to_look_does_not_run_there() =>
        Assert.NotNull(new LostSilos(_members).RefusalOf(_members.Version - 1));

    [Fact]
    public void Who_is_no_member_is_let_through()
    {
        _members.Become(Other, SiloStatus.Dead);

        Assert.Null(_lost.RefusalOf(0));
    }
}
