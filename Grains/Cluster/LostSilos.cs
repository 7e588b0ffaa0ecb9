using Kataven.Errors;
using Kataven.Grains.Accounts;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Whether a call may be one that waited in a silo that is lost. Orleans hands those on when a silo that was frozen wakes; their senders were told
/// when it was declared dead that nobody knows whether they ran, and may have looked, and asked again, by now. Whoever sends a call says by which
/// version of the membership it knew the silos: a call from before the last loss has not run, and is sent again if anybody still waits for it.
/// </summary>
internal sealed class LostSilos
{
    private readonly IClusterMembershipService _membership;
    private readonly Lock _lock = new();
    private HashSet<SiloAddress> _living;
    private HashSet<SiloAddress> _dead;
    private MembershipVersion _seen;
    private MembershipVersion _lastLoss;

    public LostSilos(IClusterMembershipService membership)
    {
        _membership = membership;
        var now = membership.CurrentSnapshot;
        // Who was lost before this silo looked at the members for the first time is not known.
        ((_living, _dead), _seen, _lastLoss) = (MembersOf(now), now.Version, now.Version);
    }

    /// <summary>What goes beside a call that this silo sends.</summary>
    public long Known => Math.Max(0, _membership.CurrentSnapshot.Version.Value);

    /// <summary>Null where the request may run.</summary>
    /// <param name="known">What its sender knew of the members; 0 where it is no member, which is let through.</param>
    public Refusal? RefusalOf(long known) => IsBeforeLoss(known, out var loss)
        ? Databases.Unavailable("A silo was lost after the request had been sent.") with { Members = loss }
        : null;

    /// <summary>Whether a silo was lost since.</summary>
    /// <param name="known">What the sender knew of the members; 0 where it is no member.</param>
    /// <param name="loss">What it has to know.</param>
    public bool IsBeforeLoss(long known, out long loss)
    {
        var now = _membership.CurrentSnapshot;
        if (known == 0 || known >= now.Version.Value)
        {
            loss = 0;
            return false;
        }

        loss = LastLoss(now).Value;
        return known < loss;
    }

    private MembershipVersion LastLoss(ClusterMembershipSnapshot now)
    {
        lock (_lock)
        {
            if (now.Version > _seen)
            {
                var (living, dead) = MembersOf(now);
                // The row of one that is dead goes in the end; and one may have come and gone since.
                if (!living.IsSupersetOf(_living) || !dead.IsSubsetOf(_dead))
                {
                    // At this version, or at one before it that nobody called at.
                    _lastLoss = now.Version;
                }

                (_living, _dead, _seen) = (living, dead, now.Version);
            }

            return _lastLoss;
        }
    }

    private static (HashSet<SiloAddress> Living, HashSet<SiloAddress> Dead) MembersOf(ClusterMembershipSnapshot snapshot)
    {
        var members = snapshot.Members.Values.ToLookup(member => member.Status is SiloStatus.Dead or SiloStatus.None, member => member.SiloAddress);
        return ([.. members[false]], [.. members[true]]);
    }
}
