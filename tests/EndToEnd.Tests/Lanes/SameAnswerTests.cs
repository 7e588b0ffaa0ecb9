using System.Text.RegularExpressions;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Lanes;

/// <summary>What the fast lane may change is nothing.</summary>
[Collection(FastLaneCollection.Name)]
public sealed partial class SameAnswerTests(FastService service)
{
    private static readonly int Statements = TestScope.IsWhole ? 3_000 : 1_000;

    [Fact]
    public async Task An_answer_is_the_same_byte_for_byte_on_the_fast_lane_and_on_a_lane_of_its_own()
    {
        var account = await service.NewAccountAsync("same");
        await service.QueryAsync(account, RandomReads.Table);
        using var count = new FastLaneCount();
        await FastAsync(account, count);
        var begun = count.Sent;
        var reads = new RandomReads(20261125);
        var statements = Enumerable.Range(0, Statements).Select(_ => reads.Next()).ToList();

        var differing = new List<string>();
        await Parallel.ForEachAsync(statements, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (statement, _) =>
        {
            var alone = await AskAsync(account, statement, readOnly: false);
            var shared = await AskAsync(account, statement, readOnly: true);
            if (alone != shared)
            {
                lock (differing)
                {
                    differing.Add($"{statement.Sql}\n  {alone}\n  {shared}");
                }
            }
        });

        Assert.Empty(differing);
        Assert.True(count.Sent - begun > Statements / 2, $"Only {count.Sent - begun} statements went out on a fast lane.");
    }

    [Fact]
    public async Task A_text_that_has_shown_to_be_quick_goes_to_the_fast_lane_by_itself_and_sees_each_write_before_it()
    {
        var account = await service.NewAccountAsync("seen");
        await service.QueryAsync(account, "create table seen (n int)");
        await service.QueryAsync(account, "insert into seen values (0)");
        using var count = new FastLaneCount();
        await FastAsync(account, count);
        await service.ScalarAsync(account, "select n from seen");
        var begun = count.Sent;

        for (var n = 1; n <= 50; n++)
        {
            await service.QueryAsync(account, "update seen set n = $1", n);
            Assert.Equal(n, (await service.ScalarAsync(account, "select n from seen")).GetInt32());
        }

        Assert.True(count.Sent - begun >= 40, $"{count.Sent - begun}");
    }

    [Fact]
    public async Task A_table_that_changes_under_a_prepared_text_is_seen_as_it_is()
    {
        var account = await service.NewAccountAsync("shape");
        await service.QueryAsync(account, "create table shape (a int)");
        await service.QueryAsync(account, "insert into shape values (1)");
        using var count = new FastLaneCount();
        await FastAsync(account, count);
        foreach (var (change, expected) in new[]
        {
            ("alter table shape add b text default 'x'", """[1,"x"]"""),
            ("alter table shape alter a type text", """["1","x"]"""),
            ("alter table shape drop b", """["1"]"""),
        })
        {
            for (var i = 0; i < 5; i++)
            {
                await service.QueryAsync(account, "select * from shape");
            }

            await service.QueryAsync(account, change);
            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(expected, (await service.QueryAsync(account, "select * from shape")).GetProperty("rows")[0].GetRawText());
            }
        }
    }

    [Fact]
    public async Task A_text_that_turns_slow_costs_its_neighbours_nothing_and_answers_all_the_same()
    {
        var account = await service.NewAccountAsync("turns");
        using var count = new FastLaneCount();
        await FastAsync(account, count);
        const string sql = "select count(*) from generate_series(1, $1::int)";
        for (var i = 0; i < 3; i++)
        {
            await service.ScalarAsync(account, sql, 10);
        }

        var slow = service.ScalarAsync(account, sql, 3_000_000);
        var quick = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => service.ScalarAsync(account, "select $1::int", i)));

        Assert.Equal(3_000_000, (await slow).GetInt64());
        Assert.Equal(Enumerable.Range(0, 50), quick.Select(value => value.GetInt32()));
    }

    /// <summary>Until the account's code is known, its reads have lanes of their own.</summary>
    private Task FastAsync(string account, FastLaneCount count) => Eventually.Async(
        async () =>
        {
            var before = count.Sent;
            await AskAsync(account, ("select 1", [], "array", "number"), readOnly: true);
            return count.Sent > before;
        },
        TimeSpan.FromSeconds(30),
        "the fast lane is in use");

    private async Task<string> AskAsync(string account, (string Sql, object?[] Parameters, string RowMode, string Numbers) read, bool readOnly)
    {
        var reply = await service.Client(account).PostAsync(
            "/api/query", new { sql = read.Sql, @params = read.Parameters, row_mode = read.RowMode, numbers = read.Numbers, read_only = readOnly });
        return TraceId().Replace(reply.ToString(), "");
    }

    [GeneratedRegex("\"trace_id\":\"[0-9a-f]*\"")]
    private static partial Regex TraceId();
}
