using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Tests.Connections.Budget;

/// <summary>An account with nothing behind it: how many connections it has, and how many of them do nothing.</summary>
internal sealed class FakeUser : ISlotUser
{
    public int Open { get; set; }

    public int Idle { get; set; }

    public long Since { get; set; }

    public Func<FakeUser, bool> Evicts { get; set; } = _ => false;

    public long? IdleSince => Idle > 0 ? Since : null;

    public IEnumerable<int> ProcessIds => [];

    public bool TryEvict() => Idle > 0 && Evicts(this);

    public void CloseUnused(TimeSpan unusedFor)
    {
    }
}
