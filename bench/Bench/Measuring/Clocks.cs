using Kataven.Bench.Grounds;

namespace Kataven.Bench.Measuring;

/// <summary>Seconds of processor time up to now.</summary>
/// <param name="Service">Of a contender.</param>
/// <param name="Postgres">Of PostgreSQL.</param>
/// <param name="Own">Of the benchmark and all that it started, these two among it.</param>
/// <param name="Machine">Of everything.</param>
internal readonly record struct Clocks(double Service, double Postgres, double Own, double Machine)
{
    public static Clocks Read(Ground ground, IReadOnlyList<int> service) => new(
        ProcessTree.CpuSeconds(service),
        ProcessTree.CpuSeconds([ground.Server.Pid]),
        ProcessTree.CpuSeconds([Environment.ProcessId, ground.Server.Pid]),
        ProcessTree.MachineSeconds());

    public static Clocks operator -(Clocks later, Clocks earlier) => new(
        later.Service - earlier.Service, later.Postgres - earlier.Postgres, later.Own - earlier.Own, later.Machine - earlier.Machine);
}
