using System.Diagnostics;
using System.Globalization;

namespace Kataven.IsolationBench;

/// <summary>Two ways of doing a thing, by turns: A B B A A B …, so that what else the machine does meets both alike.</summary>
internal sealed record Comparison(string Unit, double[] With, double[] Without)
{
    /// <summary>How long each takes, in milliseconds.</summary>
    public static async Task<Comparison> OfTimesAsync(int repeats, Func<int, Task> with, Func<int, Task> without)
    {
        Func<int, Task<double>> Timed(Func<int, Task> act) => async i =>
        {
            var begun = Stopwatch.GetTimestamp();
            await act(i);
            return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        };
        return await OfAsync("ms", repeats, Timed(with), Timed(without));
    }

    public static async Task<Comparison> OfAsync(string unit, int repeats, Func<int, Task<double>> with, Func<int, Task<double>> without)
    {
        var (a, b) = (new double[repeats], new double[repeats]);
        // The first of each is not counted: it compiles, and fills caches.
        await with(-1);
        await without(-1);
        for (var i = 0; i < repeats; i++)
        {
            if (i % 2 == 0)
            {
                a[i] = await with(i);
                b[i] = await without(i);
            }
            else
            {
                b[i] = await without(i);
                a[i] = await with(i);
            }
        }

        return new Comparison(unit, a, b);
    }

    /// <summary>A row of the table: medians, the middle half of each, and the median of the differences turn by turn.</summary>
    public string Row(string what)
    {
        var differences = With.Zip(Without, (with, without) => with - without).ToArray();
        return string.Create(CultureInfo.InvariantCulture,
            $"| {what} | {Text(With)} | {Text(Without)} | {Median(differences):+0.0#;-0.0#} {Unit} | {100 * Median(differences) / Median(Without):+0.0;-0.0} % | {With.Length} |");
    }

    private string Text(double[] values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values):0.0#} {Unit} ({Quantile(values, 0.25):0.0#} to {Quantile(values, 0.75):0.0#})");

    private static double Median(double[] values) => Quantile(values, 0.5);

    private static double Quantile(double[] values, double part) => values.Order().ElementAt((int)(part * (values.Length - 1)));
}
