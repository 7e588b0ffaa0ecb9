using Xunit.Sdk;
using Xunit.v3;

// A minute of chaos needs the machine's cores for itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
