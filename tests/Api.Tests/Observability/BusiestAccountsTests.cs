using Kataven.Accounts;
using Kataven.Observability;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tests.Observability;

public sealed class BusiestAccountsTests
{
    [Fact]
    public void Ten_thousand_accounts_are_as_many_series_as_are_named_and_one_for_the_others()
    {
        var source = new Source();
        for (var i = 0; i < 10_000; i++)
        {
            source.Set($"a{i}", requests: i);
        }

        var lines = Lines(new BusiestAccounts([source], Options.Create(new MetricsOptions { BusiestAccounts = 3 })), "kataven_account_requests_total");

        Assert.Equal(["a9999", "a9998", "a9997"], lines.Keys.Where(name => name != "_other").OrderByDescending(name => lines[name]));
        Assert.Equal(49_995_000 - 9999 - 9998 - 9997, lines["_other"]);
    }

    [Fact]
    public void Nobody_is_named_where_none_may_be()
    {
        var source = new Source();
        source.Set("acme", requests: 5, open: 2);
        var busiest = new BusiestAccounts([source], Options.Create(new MetricsOptions { BusiestAccounts = 0 }));

        var text = busiest.ToText();

        Assert.DoesNotContain("acme", text, StringComparison.Ordinal);
        Assert.Contains("kataven_account_requests_total{account=\"_other\",at=\"silo\"} 5\n", text, StringComparison.Ordinal);
        Assert.Contains("kataven_account_lanes{account=\"_other\",at=\"silo\",state=\"open\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_never_fall_when_another_account_becomes_the_busiest()
    {
        var source = new Source();
        var busiest = new BusiestAccounts([source], Options.Create(new MetricsOptions { BusiestAccounts = 1 }));
        source.Set("acme", requests: 100);
        source.Set("globex", requests: 10);
        var first = Lines(busiest, "kataven_account_requests_total");
        source.Set("globex", requests: 1_000);
        var second = Lines(busiest, "kataven_account_requests_total");

        Assert.Equal(new() { ["acme"] = 100, ["_other"] = 10 }, first);
        Assert.Equal(new() { ["globex"] = 990, ["_other"] = 10 }, second);
    }

    [Fact]
    public void A_count_that_began_anew_is_added()
    {
        var source = new Source();
        var busiest = new BusiestAccounts([source], Options.Create(new MetricsOptions()));
        source.Set("acme", requests: 100);
        Lines(busiest, "kataven_account_requests_total");
        source.Set("acme", requests: 7);

        Assert.Equal(107, Lines(busiest, "kataven_account_requests_total")["acme"]);
    }

    private static Dictionary<string, long> Lines(BusiestAccounts busiest, string metric) => busiest.ToText().Split('\n')
        .Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal))
        .ToDictionary(line => line.Split('"')[1], line => long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    private sealed class Source : IAccountActivitySource
    {
        private readonly Dictionary<string, AccountActivity> _accounts = [];

        public string Place => "silo";

        public bool HasLanes => true;

        public void Set(string slug, long requests, int open = 0) => _accounts[slug] = new AccountActivity(AccountId.Parse(slug), requests, open);

        public IEnumerable<AccountActivity> Now() => _accounts.Values;
    }
}
