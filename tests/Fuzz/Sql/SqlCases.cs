using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Sql;

/// <summary>Right requests that carry statements of every kind, alone, in transactions and as streams.</summary>
internal sealed class SqlCases(Actors actors)
{
    private readonly ExpressionGrammar _expressions = new(actors);
    private readonly StatementGrammar _statements = new(actors, new ExpressionGrammar(actors));

    public FuzzCase Make(ulong seed, Dice dice)
    {
        var account = dice.Of(actors.Attackers);
        var mayLoseBackend = dice.OneIn(400);
        var isTransaction = dice.OneIn(6);
        var message = new HttpMessage("POST", isTransaction ? "/api/transaction" : "/api/query").Acting(account, actors.Tokens[account]);
        if (dice.OneIn(4))
        {
            message.Line("Accept", dice.Of("application/x-ndjson", "application/x-ndjson", "text/csv", "application/x-ndjson;q=0.5, text/csv"));
        }

        message.Json(isTransaction
            ? $"{{\"statements\":[{dice.Repeat(1, 4, ",", () => $"{{{Members(dice, mayLoseBackend)}}}")}]{dice.Of("", "", ",\"isolation_level\":\"serializable\"", ",\"read_only\":true")}}}"
            : $"{{{Members(dice, mayLoseBackend)}{dice.Of("", "", "", ",\"row_mode\":\"object\"", ",\"numbers\":\"string\"", ",\"read_only\":true", ",\"timeout_ms\":20")}}}");
        return new FuzzCase { Seed = seed, Kind = CaseKind.Sql, Bytes = message.ToBytes(), RunsSql = true, MayLoseBackend = mayLoseBackend };
    }

    private string Members(Dice dice, bool isFatal)
    {
        if (isFatal)
        {
            return $"\"sql\":{JunkJson.Quote(HostileStatements.MakeFatal(dice))}";
        }

        return dice.Below(20) switch
        {
            0 or 1 => $"\"sql\":{JunkJson.Quote(HostileStatements.Make(dice))}",
            2 or 3 or 4 => $"\"sql\":{JunkJson.Quote(_statements.Broken(dice))}",
            5 or 6 or 7 or 8 => WithParameters(dice),
            _ => $"\"sql\":{JunkJson.Quote(_statements.Make(dice))}",
        };
    }

    /// <summary>What a parameter carries is a value, whatever it looks like; sometimes there are too few or too many of them.</summary>
    private string WithParameters(Dice dice)
    {
        var count = dice.Between(1, 4);
        var sql = dice.Below(5) switch
        {
            0 => $"insert into t{dice.Below(4)} (id, a) values ($1, $2) on conflict (id) do update set a = $3 returning *, $4::text",
            1 => $"select * from t{dice.Below(4)} where a = $1 or id = any($2) or c @> $3 limit $4",
            _ => $"select {string.Join(", ", Enumerable.Range(1, count).Select(i => $"${i}{dice.Of("", "::" + _expressions.Type(dice), " || 'x'", " + 1")}"))}, '$5', \"$6\", $q$ $7 $q$"
                .Replace(", \"$6\"", dice.OneIn(4) ? ", \"$6\"" : "", StringComparison.Ordinal),
        };
        var given = dice.OneIn(8) ? dice.Between(0, 6) : sql[0] == 'i' || sql.Contains("limit", StringComparison.Ordinal) ? 4 : count;
        return $"\"sql\":{JunkJson.Quote(sql)},\"params\":[{string.Join(",", Enumerable.Range(0, given).Select(_ => JunkJson.Value(dice)))}]";
    }
}
