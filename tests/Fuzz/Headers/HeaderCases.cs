using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Headers;

/// <summary>
/// Requests with a right token that try to reach another account by its headers: whatever they do, the database that
/// answers is that of the token.
/// </summary>
internal sealed class HeaderCases(Actors actors)
{
    private static readonly string[] Names =
        ["X-Account-ID", "x-account-id", "X-ACCOUNT-ID", "X_Account_ID", "X-Account-Id ", " X-Account-ID", "X-Account-ID\t", "X-Account\u00adID", "X-Account-I\u0044"];

    private static readonly string[] Others =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Connection", "Cookie", "Expect", "Forwarded", "Host", "If-None-Match", "Keep-Alive", "Origin", "Range",
        "Referer", "TE", "Upgrade", "User-Agent", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-HTTP-Method-Override", "X-Original-URL", "traceparent",
        "tracestate", "baggage", "Idempotency-Key", "Content-Encoding", "Date", "Max-Forwards", "Proxy-Authorization",
    ];

    private static readonly string[] Values =
    [
        "", "*", "*/*;q=2", "text/csv;q=x, application/json", "application/x-ndjson, text/csv;q=0", "text/csv", ",,,", ";;", "close", "keep-alive, Upgrade", "h2c",
        "websocket", "100-continue", "200-ok", "gzip", "br", "for=127.0.0.1;host=evil", "127.0.0.1", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-0000000000000000-00", "ff-x", "bytes=0-1", "DELETE", "/api/admin/accounts", "http://evil/", "null", "-1",
    ];

    public FuzzCase Make(ulong seed, Dice dice)
    {
        var account = dice.Of(actors.Attackers);
        var message = new HttpMessage("POST", "/api/query").Line(dice.Of("Authorization", "authorization"), $"{dice.Of("Bearer", "bearer")} {actors.Tokens[account]}");
        for (var i = dice.Below(3); i >= 0; i--)
        {
            message.RawLine(AccountLine(dice, account));
        }

        for (var i = dice.Below(4); i > 0; i--)
        {
            message.Line(dice.Of(Others), Value(dice));
        }

        message.Json("""{"sql":"select current_database()"}""");
        return new FuzzCase
        {
            Seed = seed,
            Kind = CaseKind.Header,
            Bytes = message.ToBytes(dice.OneIn(15) ? dice.Of(null, "Host:", "Host: a b", "Host: [::1", "Host: evil\r\nHost: 127.0.0.1", "Host: \u00e9") : "Host: 127.0.0.1"),
            SpoilsConnection = true,
            StopsSending = dice.OneIn(4),
            MayBeNoHttp = true,
            Account = account,
            RunsSql = true,
        };
    }

    private string AccountLine(Dice dice, string account)
    {
        var (mine, other) = (account, dice.Of(actors.Victim, "acme", "kataven-admin", "system", "nobody"));
        var value = dice.Below(14) switch
        {
            0 or 1 or 2 => mine,
            3 => other,
            4 => $"{mine}, {other}",
            5 => $"{mine},{mine}",
            6 => $"  {mine}\t ",
            7 => mine.ToUpperInvariant(),
            8 => $"{mine}\r\n {other}",
            9 => $"{mine}\r\nX-Account-ID: {other}",
            10 => $"\"{mine}\"",
            11 => mine + dice.Of("\u00e9", "\u0000", "%0a", "\n", "\u00a0", ";", "/", "\\", "' or 1=1", ".", new string('a', 70)),
            12 => "",
            _ => JunkText.Latin(dice, anyByte: true),
        };
        return $"{(dice.OneIn(3) ? dice.Of(Names) : "X-Account-ID")}{dice.Of(": ", ":", ":  ", dice.OneIn(10) ? " : " : ": ")}{value}";
    }

    private static string Value(Dice dice) => dice.Below(4) switch
    {
        0 => JunkText.Latin(dice, anyByte: true),
        1 when dice.OneIn(10) => new string('a', dice.Of(1_000, 20_000, 40_000, 300_000)),
        _ => dice.Of(Values),
    };
}
