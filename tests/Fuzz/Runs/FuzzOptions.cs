using System.Globalization;

namespace Kataven.Fuzz.Runs;

/// <summary>What <c>bench/fuzz</c> takes.</summary>
internal sealed record FuzzOptions(long Cases, ulong Seed, int Parallel, TimeSpan Within)
{
    public const string Usage = "bench/fuzz [--cases N] [--seed S] [--parallel P] [--minutes M]";

    /// <exception cref="ArgumentException">An option is unknown, or its value is no number.</exception>
    public static FuzzOptions Parse(string[] args)
    {
        var options = new FuzzOptions(1_000_000, 1, 16, Timeout.InfiniteTimeSpan);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !ulong.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                throw new ArgumentException(Usage);
            }

            options = args[i] switch
            {
                "--cases" => options with { Cases = (long)value },
                "--seed" => options with { Seed = value },
                "--parallel" => options with { Parallel = (int)value },
                "--minutes" => options with { Within = TimeSpan.FromMinutes(value) },
                _ => throw new ArgumentException(Usage),
            };
        }

        return options.Within == Timeout.InfiniteTimeSpan ? options with { Within = TimeSpan.MaxValue } : options;
    }
}
