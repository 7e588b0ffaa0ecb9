using System.Text;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Bodies;

/// <summary>Bodies of the SQL routes: broken JSON, odd types, nesting, numbers, characters, members twice, other content types.</summary>
internal sealed class BodyCases(Actors actors)
{
    private static readonly string[] Members =
        ["sql", "params", "timeout_ms", "row_mode", "read_only", "numbers", "statements", "isolation_level", "SQL", "sq\\u006c", "", "a", "__proto__"];

    private static readonly string[] ContentTypes =
    [
        "application/json", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"", "application/problem+json", "APPLICATION/JSON",
        "application/json; charset=utf-16", "application/json; charset=x", "text/json", "text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=a", "application/json, text/plain", "application/json;", "json", "*/*", "", ";", "application/", "\u00e9/json",
    ];

    public FuzzCase Make(ulong seed, Dice dice)
    {
        var account = dice.Of(actors.Attackers);
        var isTransaction = dice.OneIn(3);
        var body = Bytes(dice, isTransaction);
        var message = new HttpMessage("POST", isTransaction ? "/api/transaction" : "/api/query").Acting(account, actors.Tokens[account]);
        if (dice.OneIn(6))
        {
            message.Line("Accept", dice.Of("application/x-ndjson", "text/csv", "application/json", "*/*", "x"));
        }

        if (dice.OneIn(8))
        {
            message.Line("Content-Type", dice.Of(ContentTypes)).Line("Content-Length", $"{body.Length}").Body(body);
        }
        else
        {
            message.Json(body);
        }

        return new FuzzCase { Seed = seed, Kind = CaseKind.Body, Bytes = message.ToBytes(), RunsSql = true };
    }

    private static byte[] Bytes(Dice dice, bool isTransaction)
    {
        var text = dice.Below(10) switch
        {
            0 => JunkJson.Value(dice),
            1 => JunkJson.Broken(dice),
            2 => JunkText.Make(dice),
            3 or 4 => Object(dice, Members, () => dice.OneIn(6) ? JunkJson.Broken(dice) : JunkJson.Value(dice)),
            _ => isTransaction ? Transaction(dice) : Query(dice),
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        return dice.Below(12) switch
        {
            0 => Damaged(dice, bytes),
            1 => bytes[..dice.Below(bytes.Length + 1)],
            2 => [.. bytes, .. Encoding.UTF8.GetBytes(JunkJson.Value(dice))],
            3 => [0xEF, 0xBB, 0xBF, .. bytes],
            4 => Encoding.Unicode.GetBytes(text),
            _ => bytes,
        };
    }

    /// <summary>A body that may well be right, so that what it carries goes all the way to PostgreSQL.</summary>
    private static string Query(Dice dice)
    {
        var count = dice.Between(0, 4);
        var sql = count == 0 ? "select 1" : "select " + string.Join(", ", Enumerable.Range(1, count).Select(i => $"${i}{dice.Of("", "::text", "::jsonb", "::text[]", "::int", "::numeric", "::bytea")}"));
        var parameters = dice.Repeat(count, dice.OneIn(5) ? count + 2 : count, ",", () => JunkJson.Value(dice));
        var members = new List<string> { $"\"sql\":{JunkJson.Quote(sql)}", $"\"params\":[{parameters}]" };
        if (dice.OneIn(3))
        {
            members.Add(dice.Of(
                "\"row_mode\":\"object\"", "\"row_mode\":\"array\"", "\"read_only\":true", "\"read_only\":false", "\"numbers\":\"string\"", "\"timeout_ms\":50",
                "\"timeout_ms\":2147483647", "\"timeout_ms\":1", "\"sql\":\"select 2\"", "\"params\":[]", "\"timeout_ms\":1e3"));
        }

        return $"{{{string.Join(",", dice.OneIn(2) ? members : Enumerable.Reverse(members))}}}";
    }

    private static string Transaction(Dice dice)
    {
        var statements = dice.Repeat(0, dice.OneIn(30) ? 1_001 : 4, ",", () => dice.OneIn(8) ? JunkJson.Value(dice) : Query(dice));
        var more = dice.OneIn(3)
            ? dice.Of(",\"isolation_level\":\"serializable\"", ",\"isolation_level\":\"chaos\"", ",\"isolation_level\":7", ",\"read_only\":true", ",\"numbers\":null")
            : "";
        return $"{{\"statements\":[{statements}]{more}}}";
    }

    private static string Object(Dice dice, string[] names, Func<string> value) =>
        $"{{{dice.Repeat(0, 5, ",", () => $"\"{dice.Of(names)}\":{value()}")}}}";

    private static byte[] Damaged(Dice dice, byte[] bytes)
    {
        for (var i = dice.Between(1, 4); i > 0 && bytes.Length > 0; i--)
        {
            bytes[dice.Below(bytes.Length)] = (byte)dice.Below(256);
        }

        return bytes;
    }
}
