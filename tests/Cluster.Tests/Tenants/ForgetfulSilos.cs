using Kataven.Cluster.Tests.Silos;

namespace Kataven.Cluster.Tests.Tenants;

/// <summary>Two silos that soon give up a stream of which nobody takes anything.</summary>
public sealed class ForgetfulSilos(ClusterServer server) : TwoSilos(server)
{
    protected override (string Key, string Value)[] Settings => [("Kataven:Tenants:StreamIdleTimeout", "00:00:04")];
}
