using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;

namespace Kataven.Chaos.Clients;

/// <summary>One client of an account: makes operations of each kind, one after the other, and takes them down.</summary>
internal sealed class Conversation(LiveAccount account, FrontDoors doors, Recorder recorder, Dice dice)
{
    private static readonly TimeSpan DefiniteWithin = TimeSpan.FromSeconds(60);

    public Task DoAsync(ActionKind kind) => kind switch
    {
        ActionKind.Read => ReadAsync(kind, readOnly: true),
        ActionKind.PlainRead => ReadAsync(kind, readOnly: null),
        ActionKind.Insert => InsertAsync(),
        ActionKind.InsertReturning => WriteAsync(kind, account.NextRow(), Statements.InsertReturning, MarkOf),
        ActionKind.Increment => WriteAsync(kind, account.NextRow(), Statements.Increment, SightOfIncrement),
        ActionKind.KeyedInsert => KeyedInsertAsync(),
        ActionKind.Pair or ActionKind.ForbiddenPair => PairAsync(kind),
        _ => InteractiveAsync(kind),
    };

    /// <summary>Most take no time in PostgreSQL; some take long enough for a fault to come in between.</summary>
    private double Seconds() => dice.Below(10) switch
    {
        < 6 => 0,
        < 9 => dice.Between(20, 120) / 1000.0,
        _ => dice.Between(200, 600) / 1000.0,
    };

    private async Task ReadAsync(ActionKind kind, bool? readOnly)
    {
        var draft = Begin(kind);
        var reply = await QueryAsync(Statements.Read, readOnly: readOnly);
        Take(draft, reply, SightOfRead);
    }

    private async Task InsertAsync()
    {
        var row = account.NextRow();
        var draft = Begin(ActionKind.Insert, row);
        Take(draft with { Mark = row }, await QueryAsync(Statements.Insert, parameters: [row, row, Seconds()]), (operation, _) => operation);
    }

    private async Task WriteAsync(ActionKind kind, string row, string sql, Func<Operation, Reply, Operation> read)
    {
        var draft = Begin(kind, row);
        Take(draft, await QueryAsync(sql, parameters: [row, Seconds()]), read);
    }

    /// <summary>Sends the same until it knows; and once more now and then, which has to be told the same.</summary>
    private async Task KeyedInsertAsync()
    {
        var row = account.NextRow();
        var draft = Begin(ActionKind.KeyedInsert, row);
        object?[] parameters = [row, Seconds()];
        var (reply, sent) = (await QueryAsync(Statements.InsertReturning, parameters, key: row), 1);
        while (reply.Outcome == Outcome.Unknown && recorder.Clock.Now - draft.Start < DefiniteWithin && !account.Ending.IsCancellationRequested)
        {
            await recorder.Clock.PauseAsync(TimeSpan.FromMilliseconds(100), account.Ending);
            var again = await QueryAsync(Statements.InsertReturning, parameters, key: row);
            // A refusal of the repeat says that the repeat did not run, and nothing of the first.
            (reply, sent) = (again.Outcome == Outcome.Refused && !IsFinal(again.Code) ? reply : again, sent + 1);
        }

        if (reply.Outcome == Outcome.Unknown && !account.Ending.IsCancellationRequested)
        {
            recorder.Incident($"{row} has no definite answer after {sent} times under the same key: {reply.Code}");
        }

        Take(draft with { Sent = sent }, reply, MarkOf);
        if (reply.Outcome == Outcome.Acknowledged && dice.OneIn(4))
        {
            Repeated(row, reply, await QueryAsync(Statements.InsertReturning, parameters, key: row));
        }
    }

    private void Repeated(string row, Reply first, Reply second)
    {
        if (second.Outcome == Outcome.Acknowledged && (!second.IsReplay || second.FirstRow[0].GetString() != first.FirstRow[0].GetString()))
        {
            recorder.Incident($"{row} was answered {first.Body}, and its repeat {second.Body}{(second.IsReplay ? "" : " without saying that it is one")}");
        }
    }

    /// <summary>An answer that is about the write itself: it was carried out now, and failed.</summary>
    private static bool IsFinal(string code) => code is "sql_error" or "idempotency_conflict";

    private async Task PairAsync(ActionKind kind)
    {
        string[] rows = [account.NextRow(), account.NextRow()];
        var draft = Begin(kind, rows);
        var reply = await doors.SendAsync(account.Account, HttpMethod.Post, "/api/transaction", new
        {
            statements = new object[]
            {
                new { sql = Statements.InsertAtOnce, @params = new object[] { rows[0], "first" } },
                new { sql = Statements.Insert, @params = new object[] { rows[1], kind == ActionKind.Pair ? "second" : "forbidden", Seconds() } },
            },
        });
        Take(draft, reply, (operation, _) => operation);
    }

    private async Task InteractiveAsync(ActionKind kind)
    {
        string[] rows = [account.NextRow(), account.NextRow()];
        var draft = Begin(kind, rows);
        var reply = await doors.SendAsync(account.Account, HttpMethod.Post, "/api/transactions", new { });
        if (reply.Outcome != Outcome.Acknowledged)
        {
            // Nothing was written in it, whether it was begun or not.
            Take(draft, reply with { Outcome = Outcome.Refused }, (operation, _) => operation);
            return;
        }

        var transaction = $"/api/transactions/{reply.Body.GetProperty("transaction_id").GetString()}";
        foreach (var row in rows)
        {
            var written = await doors.SendAsync(account.Account, HttpMethod.Post, $"{transaction}/query", new { sql = Statements.Insert, @params = new object[] { row, "interactive", Seconds() } });
            if (written.Outcome != Outcome.Acknowledged)
            {
                // Nobody commits it any more.
                Take(draft, written with { Outcome = Outcome.Refused }, (operation, _) => operation);
                await doors.SendAsync(account.Account, HttpMethod.Delete, transaction);
                return;
            }
        }

        var commits = kind == ActionKind.Interactive;
        var end = commits
            ? await doors.SendAsync(account.Account, HttpMethod.Put, $"{transaction}/commit")
            : await doors.SendAsync(account.Account, HttpMethod.Delete, transaction);
        Take(draft, commits ? end : end with { Outcome = Outcome.Refused, Code = end.Outcome == Outcome.Acknowledged ? "rolled_back" : end.Code }, (operation, _) => operation);
    }

    private Task<Reply> QueryAsync(string sql, object?[]? parameters = null, bool? readOnly = null, string? key = null) => doors.SendAsync(
        account.Account,
        HttpMethod.Post,
        "/api/query",
        readOnly is null ? new { sql, @params = parameters ?? [] } : new { sql, @params = parameters ?? [], read_only = readOnly.Value },
        key);

    private Operation Begin(ActionKind kind, params string[] rows) => new()
    {
        Number = recorder.NextNumber(),
        Account = account.Account,
        Life = account.Life,
        Kind = kind,
        Rows = rows,
        Start = recorder.Clock.Now,
        End = TimeSpan.Zero,
        Outcome = Outcome.Unknown,
    };

    private void Take(Operation draft, Reply reply, Func<Operation, Reply, Operation> read)
    {
        var ended = draft with { End = recorder.Clock.Now, Outcome = reply.Outcome, Code = reply.Code, Detail = reply.Detail, Front = reply.Front };
        recorder.Add(reply.Outcome == Outcome.Acknowledged ? read(ended, reply) : ended);
    }

    private static Operation MarkOf(Operation operation, Reply reply) => operation with { Mark = reply.FirstRow[0].GetString() };

    private static Operation SightOfIncrement(Operation operation, Reply reply)
    {
        var row = reply.FirstRow;
        return operation with { Seen = new Sight(null, row[1].GetString()!, row[2].GetString()!, row[3].GetInt32(), row[0].GetInt64(), null) };
    }

    private static Operation SightOfRead(Operation operation, Reply reply)
    {
        var row = reply.FirstRow;
        return operation with
        {
            Seen = new Sight(row[0].GetString(), row[1].GetString()!, row[2].GetString()!, row[3].GetInt32(), row[4].GetInt64(), row[5].GetInt64()),
        };
    }
}
