using System.Collections.Immutable;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>A cluster's members, of whom a test says which come and go.</summary>
public sealed class FakeMembership : IClusterMembershipService
{
    public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } = new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, new MembershipVersion(1));

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    public long Version => CurrentSnapshot.Version.Value;

    /// <summary>Each change is a version of its own.</summary>
    public void Become(SiloAddress silo, SiloStatus status) => CurrentSnapshot = new(
        CurrentSnapshot.Members.SetItem(silo, new ClusterMember(silo, status, $"{silo}")), new MembershipVersion(Version + 1));

    public ValueTask Refresh(MembershipVersion minimumVersion, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
}
