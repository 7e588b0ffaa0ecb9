using System.Collections.Immutable;
using Orleans.Runtime;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>A cluster's membership whose table has whatever version is asked for.</summary>
public sealed class ScriptedMembers(long version) : IClusterMembershipService
{
    public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } = At(new MembershipVersion(version));

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    public ValueTask Refresh(MembershipVersion minimumVersion, CancellationToken cancellationToken)
    {
        CurrentSnapshot = At(minimumVersion);
        return ValueTask.CompletedTask;
    }

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();

    private static ClusterMembershipSnapshot At(MembershipVersion version) => new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, version);
}
