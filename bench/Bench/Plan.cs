namespace Kataven.Bench;

/// <summary>How long and how much.</summary>
internal sealed record Plan
{
    public bool IsQuick { get; private init; }

    /// <summary>How often each contender has its turn in each cell of a load.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>The same where each contender is started anew for its turn.</summary>
    public int RoundsApart { get; init; } = 2;

    /// <summary>Further rounds for a contender that others disturbed in all of its turns.</summary>
    public int Repeats { get; private init; } = 1;

    /// <summary>Before a contender's first turn of a load, so that its code is compiled and its pools are filled.</summary>
    public int FirstWarmUpSeconds { get; private init; } = 8;

    /// <summary>Before each turn.</summary>
    public int WarmUpSeconds { get; private init; } = 1;

    public int Seconds { get; private init; } = 5;

    /// <summary>Where a latency beside another is measured, which needs more of them.</summary>
    public int LongSeconds { get; private init; } = 10;

    public IReadOnlyList<int> Clients { get; private init; } = [1, 16, 64, 256];

    /// <summary>Where each contender is started anew for its turns.</summary>
    public IReadOnlyList<int> ClientsApart { get; private init; } = [1, 16, 64, 256];

    /// <summary>Accounts that have a database.</summary>
    public int Accounts { get; private init; } = 1_000;

    /// <summary>Accounts that are asked for the first time in a round.</summary>
    public int ColdAccounts { get; private init; } = 100;

    /// <summary>Accounts of the load <c>fleet</c>, on a server of its own.</summary>
    public int FleetAccounts { get; private init; } = 1_000;

    /// <summary>Of the account there that is backed up, restored and cloned.</summary>
    public int FleetMegabytes { get; private init; } = 200;

    /// <summary>How often a silo of the load <c>cluster</c> is killed, and frozen.</summary>
    public int Takeovers { get; private init; } = 5;

    /// <summary>Of full load on a cluster, in which nobody may be declared dead.</summary>
    public int EnduranceMinutes { get; private init; } = 10;

    public static Plan Of(BenchOptions options)
    {
        var plan = Of(options.Quick);
        return plan with
        {
            Rounds = options.Rounds ?? plan.Rounds,
            RoundsApart = options.Rounds ?? plan.RoundsApart,
            FleetAccounts = options.Accounts ?? plan.FleetAccounts,
            FleetMegabytes = options.Megabytes ?? plan.FleetMegabytes,
            EnduranceMinutes = options.Minutes ?? plan.EnduranceMinutes,
        };
    }

    private static Plan Of(bool quick) => quick
        ? new Plan { IsQuick = true, RoundsApart = 1, Repeats = 0, FirstWarmUpSeconds = 3, Seconds = 2, LongSeconds = 3, Clients = [1, 64], ClientsApart = [64], Accounts = 200, ColdAccounts = 60, FleetAccounts = 200, FleetMegabytes = 50, Takeovers = 2, EnduranceMinutes = 1 }
        : new Plan();
}
