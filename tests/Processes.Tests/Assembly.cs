using Kataven.Cluster.Tests.Silos;
using Kataven.Testing.Cluster;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(ClusterServer))]

// Processes that compete for processors take each other for dead.
[assembly: Parallelization(Mode = ParallelMode.None)]
