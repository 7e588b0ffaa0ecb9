namespace Kataven.Grains.Cluster;

/// <summary>Which members of the cluster may hold tenants, and are not dead.</summary>
internal sealed class TenantSilos(IClusterMembershipService membership, IClusterManifestProvider manifests)
{
    /// <summary>Members that are not dead, front doors too.</summary>
    public int Processes => Living.Count();

    private IEnumerable<SiloAddress> Living => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status is not (SiloStatus.Dead or SiloStatus.None))
        .Select(member => member.SiloAddress);

    /// <param name="type">The type of a grain of ours: a front door knows none.</param>
    public bool Holds(SiloAddress silo, GrainType type) =>
        manifests.Current.Silos.TryGetValue(silo, out var manifest) && manifest.Grains.ContainsKey(type);

    /// <inheritdoc cref="Holds"/>
    public IReadOnlyList<SiloAddress> All(GrainType type) => [.. Living.Where(silo => Holds(silo, type))];

    public bool IsDead(SiloAddress silo) =>
        membership.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Dead || membership.CurrentSnapshot.Members.Keys.Any(silo.IsPredecessorOf);
}
