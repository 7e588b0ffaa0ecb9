using Kataven.Cluster.Tests.Silos;

namespace Kataven.Cluster.Tests.Transactions;

/// <summary>Two silos whose accounts are idle soon, and which have 9 s of their 16 to drain.</summary>
public sealed class HoldingSilos(ClusterServer server) : TwoSilos(server)
{
    protected override (string Key, string Value)[] Settings => [("Kataven:Tenants:IdleAfter", "00:00:01"), (SiloCluster.ShutdownTimeout, "00:00:16")];
}
