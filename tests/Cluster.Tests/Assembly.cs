using Kataven.Cluster.Tests.Silos;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(ClusterServer))]

// What is timed here (idle ages, what is in force within a second) cannot be timed beside another cluster's start.
[assembly: Parallelization(Mode = ParallelMode.None)]
