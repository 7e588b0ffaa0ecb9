using System.Globalization;

namespace Kataven.Bench;

/// <summary>What <c>bench/run</c> takes.</summary>
/// <param name="Quick">Short rounds, fewer clients and accounts.</param>
/// <param name="Only">Loads to run, by name; empty: all.</param>
/// <param name="Rounds">How often each contender has its turn; null: as the plan says.</param>
/// <param name="Patience">How long a turn waits for other programs to leave the machine alone.</param>
/// <param name="DataDirectory">Where PostgreSQL keeps the accounts' databases from one run to the next.</param>
/// <param name="Contenders">Contenders to run besides the product, by name; empty: all.</param>
/// <param name="Accounts">Accounts of the load <c>fleet</c>; null: as the plan says.</param>
/// <param name="Megabytes">Size of its large account; null: as the plan says.</param>
/// <param name="Minutes">How long the load <c>cluster</c> keeps a cluster busy; null: as the plan says.</param>
/// <param name="List">Only tell the names of the loads.</param>
internal sealed record BenchOptions(bool Quick, IReadOnlyList<string> Only, int? Rounds, TimeSpan Patience, string DataDirectory, IReadOnlyList<string> Contenders, int? Accounts, int? Megabytes, int? Minutes, bool List)
{
    /// <summary>With fewer a rollout ends before the product can be killed in its middle.</summary>
    private const int LeastAccounts = 20;

    /// <exception cref="ArgumentException">An option is unknown, or has no value.</exception>
    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions(false, [], null, TimeSpan.Zero, Path.GetFullPath(Path.Combine("artifacts", "bench", "data")), [], null, null, null, false);
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--quick" => options with { Quick = true },
                "--list" => options with { List = true },
                "--only" => options with { Only = [.. options.Only, .. Value(args, ref i).Split(',')] },
                "--against" => options with { Contenders = [.. options.Contenders, .. Value(args, ref i).Split(',')] },
                "--rounds" => options with { Rounds = NumberIn(args, ref i) },
                "--patience" => options with { Patience = TimeSpan.FromSeconds(NumberIn(args, ref i)) },
                "--accounts" => options with { Accounts = NumberIn(args, ref i, LeastAccounts) },
                "--megabytes" => options with { Megabytes = NumberIn(args, ref i) },
                "--minutes" => options with { Minutes = NumberIn(args, ref i) },
                "--data" => options with { DataDirectory = Path.GetFullPath(Value(args, ref i)) },
                var unknown => throw new ArgumentException($"{unknown} is not known. bench/run [--quick] [--only LOAD[,LOAD]] [--against RIVAL[,RIVAL]] [--rounds N] [--patience SECONDS] [--accounts N] [--megabytes N] [--minutes N] [--data DIR] [--list]"),
            };
        }

        return options;
    }

    private static int NumberIn(string[] args, ref int i, int least = 1) =>
        int.TryParse(Value(args, ref i), CultureInfo.InvariantCulture, out var number) && number >= least ? number : throw new ArgumentException($"{args[i - 1]} takes a number, at least {least}.");

    private static string Value(string[] args, ref int i) => i + 1 < args.Length ? args[++i] : throw new ArgumentException($"{args[i]} needs a value.");
}
