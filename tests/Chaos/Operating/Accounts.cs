using Kataven.Chaos.Clients;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Processes;
using Kataven.Chaos.Runs;
using Npgsql;

namespace Kataven.Chaos.Operating;

/// <summary>The accounts of a run.</summary>
internal sealed class Accounts(ChaosCluster cluster, FrontDoors doors, Administration administration, Recorder recorder, ChaosOptions options)
{
    /// <summary>Less than its clients could use.</summary>
    public const int MaxLanes = 3;

    private const int WaitTimeoutMs = 15_000;

    private readonly List<LiveAccount> _all = [];
    private int _lives;

    /// <summary>Those that live, and those that did.</summary>
    public IReadOnlyList<LiveAccount> All => _all;

    public LiveAccount Stable(int number) => _all[number % options.Accounts];

    public LiveAccount Mortal(int number) => _all[options.Accounts + (number % options.Mortals)];

    /// <summary>
    /// Those that stay are rows put in by hand, each with a database of its slug: so they begin without a migration, and rollouts
    /// have something to do.
    /// </summary>
    public async Task MakeAllAsync()
    {
        await doors.LearnTokenAsync(FrontDoors.Administration);
        for (var i = 0; i < options.Accounts + options.Mortals; i++)
        {
            var slug = i < options.Accounts ? $"chaos-{i + 1}" : $"mortal-{i + 1 - options.Accounts}";
            await doors.LearnTokenAsync(slug);
            if (i < options.Accounts)
            {
                await PutInAsync(slug);
                _all.Add(await SetUpAsync(slug));
            }
            else
            {
                _all.Add(await MakeAsync(slug));
            }
        }
    }

    public async Task<LiveAccount> MakeAgainAsync(int number) =>
        _all[options.Accounts + (number % options.Mortals)] = await MakeAsync(Mortal(number).Account);

    private async Task<LiveAccount> MakeAsync(string slug)
    {
        var reply = await administration.AskAsync(
            HttpMethod.Post,
            "/accounts",
            new { account_id = slug, account_name = slug, limits = new { max_lanes = MaxLanes, wait_timeout_ms = WaitTimeoutMs } });
        // Where the first answer was lost the second says that the slug is taken.
        return reply.Outcome == Outcome.Acknowledged || reply.Code == "account_exists"
            ? await SetUpAsync(slug)
            : throw new InvalidOperationException($"{slug} could not be made: {reply.Status} {reply.Code} {reply.Detail}");
    }

    private async Task PutInAsync(string slug)
    {
        await using var connection = await cluster.Server.OpenAsync("system");
        await using var database = new NpgsqlCommand($"CREATE DATABASE \"{slug}\" TEMPLATE template0", connection);
        await database.ExecuteNonQueryAsync();
        await using var row = new NpgsqlCommand(
            $"""
            INSERT INTO public.accounts (account_id, account_name, database_name, status, max_lanes, wait_timeout_ms)
            VALUES ('{slug}', '{slug}', '{slug}', 'active', {MaxLanes}, {WaitTimeoutMs})
            """, connection);
        await row.ExecuteNonQueryAsync();
    }

    private async Task<LiveAccount> SetUpAsync(string slug)
    {
        var account = new LiveAccount(slug, ++_lives, options.Writers, recorder.Clock.Now);
        var statements = Statements.Setup.Select(sql => new { sql, @params = Array.Empty<object>() })
            .Append(new { sql = Statements.Stamp, @params = new object[] { slug, account.Life } }).ToArray();
        var begun = recorder.Clock.Now;
        Reply reply;
        // It can be done twice: what is there is left as it is.
        while ((reply = await doors.SendAsync(slug, HttpMethod.Post, "/api/transaction", new { statements })).Outcome != Outcome.Acknowledged)
        {
            if (recorder.Clock.Now - begun > TimeSpan.FromSeconds(60))
            {
                throw new InvalidOperationException($"{slug} could not be set up: {reply.Status} {reply.Code} {reply.Detail}");
            }

            await recorder.Clock.PauseAsync(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        }

        recorder.Set(account.ToHistory());
        return account;
    }
}
