using System.Globalization;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;

namespace Kataven.Chaos.Runs;

/// <summary>How long, from which seeds, and what is done.</summary>
internal sealed record ChaosOptions
{
    public const string Usage = "bench/chaos [--minutes M] [--seconds S] [--seeds K] [--seed S] [--only KIND[,KIND]]";

    public TimeSpan Length { get; init; } = TimeSpan.FromMinutes(20);

    public int Seeds { get; init; } = 3;

    /// <summary>The first one.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What is done to processes, connections and PostgreSQL.</summary>
    public IReadOnlyList<DisturbanceKind> Faults { get; init; } = FaultPlan.Faults;

    /// <summary>What operators do to accounts meanwhile.</summary>
    public IReadOnlyList<DisturbanceKind> Works { get; init; } = FaultPlan.Works;

    /// <summary>The bug that the programs have, where they were built for it.</summary>
    public string? Mutation { get; init; }

    public int Silos { get; init; } = 3;

    public int Fronts { get; init; } = 2;

    /// <summary>Accounts that are there all the time, and are restored, cloned, suspended and migrated.</summary>
    public int Accounts { get; init; } = 6;

    /// <summary>Accounts that are deleted and made again.</summary>
    public int Mortals { get; init; } = 2;

    public int Writers { get; init; } = 3;

    public int Readers { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is unknown, or its value is none.</exception>
    public static ChaosOptions Parse(string[] args)
    {
        var options = new ChaosOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException(Usage);
            options = args[i] switch
            {
                "--minutes" => options with { Length = TimeSpan.FromMinutes(Number(value)) },
                "--seconds" => options with { Length = TimeSpan.FromSeconds(Number(value)) },
                "--seeds" => options with { Seeds = (int)Number(value) },
                "--seed" => options with { Seed = Number(value) },
                "--only" => options.Only(Kinds(value)),
                "--mutation" => options with { Mutation = value },
                _ => throw new ArgumentException(Usage),
            };
        }

        return options;
    }

    public ChaosOptions Only(IReadOnlyList<DisturbanceKind> kinds) => this with
    {
        Faults = [.. FaultPlan.Faults.Intersect(kinds)],
        Works = [.. FaultPlan.Works.Intersect(kinds)],
    };

    private static ulong Number(string value) =>
        ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw new ArgumentException(Usage);

    private static DisturbanceKind[] Kinds(string value) =>
        [.. value.Split(',').Select(kind => Enum.TryParse<DisturbanceKind>(kind, ignoreCase: true, out var known) ? known : throw new ArgumentException(Usage))];
}
