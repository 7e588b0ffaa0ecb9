using Kataven.Cluster;
using Orleans.Runtime;

namespace Kataven.Api.Tenancy;

/// <summary>What this process knows of the cluster's members. A front door that is a client of the cluster, and no member, knows nothing.</summary>
/// <param name="membership">Where it is a member.</param>
internal sealed class KnownMembers(IClusterMembershipService? membership = null)
{
    /// <summary>How long a request waits for what it has to know: without it, it is refused once more, and tried again.</summary>
    private static readonly TimeSpan LearnWithin = TimeSpan.FromSeconds(2);

    /// <summary>The version of the membership; 0 where it is not known.</summary>
    public long Version => membership is null ? 0 : Math.Max(0, membership.CurrentSnapshot.Version.Value);

    /// <summary>Has it go with the calls that are made from here on.</summary>
    public void Accompany() => SenderMembership.Set(Version);

    /// <summary>Returns when that version is known, or could not be read for now.</summary>
    public async Task LearnAsync(long version, CancellationToken aborted)
    {
        if (membership is null || Version >= version)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(LearnWithin);
        try
        {
            await membership.Refresh(new MembershipVersion(version), limit.Token);
        }
        catch (Exception)
        {
            // The table of members cannot be read: another member may tell before the next try. Or nobody waits for that any more.
        }
    }
}
