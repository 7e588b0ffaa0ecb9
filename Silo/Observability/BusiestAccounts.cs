using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kataven.Observability;

/// <summary>
/// The busiest accounts by name, for the management address alone. It is no meter of the metrics library: that keeps every
/// series which it has seen once, and 10,000 accounts would in time be 10,000 series.
/// </summary>
internal sealed class BusiestAccounts(IEnumerable<IAccountActivitySource> sources, IOptions<MetricsOptions> options)
{
    private readonly Lock _lock = new();
    private readonly AccountTally[] _tallies = [.. sources.Select(source => new AccountTally(source, options.Value.BusiestAccounts))];

    public string ToText()
    {
        lock (_lock)
        {
            var taken = _tallies.Select(tally => (tally.Source, Rows: tally.Take())).ToList();
            var text = new StringBuilder();
            Begin(text, "kataven_account_requests_total", "counter", "Requests of the busiest accounts, as the front door or the silo counts them.");
            Write(text, taken, "kataven_account_requests_total", "", activity => activity.Requests);
            var withLanes = taken.Where(pair => pair.Source.HasLanes).ToList();
            Begin(text, "kataven_account_lanes", "gauge", "Connections of the busiest accounts.");
            Write(text, withLanes, "kataven_account_lanes", ",state=\"open\"", activity => activity.LanesOpen);
            Write(text, withLanes, "kataven_account_lanes", ",state=\"busy\"", activity => activity.LanesBusy);
            Begin(text, "kataven_account_requests_waiting", "gauge", "Requests of the busiest accounts that wait for a lane.");
            Write(text, withLanes, "kataven_account_requests_waiting", "", activity => activity.Waiting);
            return text.ToString();
        }
    }

    private static void Begin(StringBuilder text, string name, string type, string help) =>
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append("\n# HELP ").Append(name).Append(' ').Append(help).Append('\n');

    private static void Write(
        StringBuilder text, List<(IAccountActivitySource Source, List<AccountActivity> Rows)> taken, string name, string labels, Func<AccountActivity, long> value)
    {
        foreach (var (source, rows) in taken)
        {
            foreach (var row in rows)
            {
                // A slug needs no escaping, and none begins with an underscore.
                text.Append(CultureInfo.InvariantCulture, $"{name}{{account=\"{row.Account?.Value ?? "_other"}\",at=\"{source.Place}\"{labels}}} {value(row)}\n");
            }
        }
    }
}
