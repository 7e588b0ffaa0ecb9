using Kataven.Cluster.Tests.Silos;

namespace Kataven.Cluster.Tests.Tenants;

/// <summary>Two silos whose accounts are idle soon.</summary>
public sealed class IdleSilos(ClusterServer server) : TwoSilos(server)
{
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(1);

    protected override (string Key, string Value)[] Settings => [("Kataven:Tenants:IdleAfter", IdleAfter.ToString())];
}
