using System.Text;
using Kataven.Fuzz.Bodies;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Wire;

/// <summary>Messages whose ends are not where they should be: chunks, lengths, truncation, several on one connection.</summary>
internal sealed class WireCases(Actors actors)
{
    private const string Body = """{"sql":"select current_database()"}""";

    public FuzzCase Make(ulong seed, Dice dice)
    {
        var account = dice.Of(actors.Attackers);
        var found = dice.Below(8) switch
        {
            0 or 1 => Pipelined(dice, account),
            2 or 3 => Chunked(dice, account),
            4 => Truncated(dice, account),
            5 => Conflicting(dice, account),
            6 => Garbage(dice),
            _ => FirstLine(dice, account),
        };
        return found with { Seed = seed, Account = account };
    }

    /// <summary>Several accounts' requests in one go: each answer belongs to its own.</summary>
    private FuzzCase Pipelined(Dice dice, string account)
    {
        var count = dice.Between(2, 12);
        var bytes = Enumerable.Range(0, count).SelectMany(_ => Request(account).Json(Body).ToBytes()).ToArray();
        return Case(bytes) with { Answers = count };
    }

    private FuzzCase Chunked(Dice dice, string account)
    {
        var (chunks, rest) = (new StringBuilder(), Body);
        while (rest.Length > 0)
        {
            var size = dice.Between(1, rest.Length);
            chunks.Append($"{size:x}{(dice.OneIn(6) ? ";a=b" : "")}\r\n{rest[..size]}\r\n");
            rest = rest[size..];
        }

        var text = chunks.Append(dice.OneIn(6) ? "0\r\nX-Account-ID: kataven-admin\r\n\r\n" : "0\r\n\r\n").ToString();
        text = dice.Below(10) switch
        {
            0 => text.Replace("\r\n", "\n", StringComparison.Ordinal),
            1 => dice.Of("-1", "0x5", "ffffffffffffffff", "7fffffff", "g", " 5", "5 5", "", "+5") + "\r\n" + text,
            2 => text[..dice.Below(text.Length)],
            3 => text.Insert(dice.Below(text.Length), JunkText.Latin(dice, anyByte: true)),
            _ => text,
        };
        var message = Request(account).Line("Content-Type", "application/json").Line("Transfer-Encoding", dice.OneIn(8) ? dice.Of("CHUNKED", "chunked, chunked", "gzip, chunked", "identity", "xchunked", " chunked") : "chunked");
        return Case(message.Body(Encoding.Latin1.GetBytes(text)).ToBytes()) with { MayBeNoHttp = true, SpoilsConnection = true, StopsSending = true };
    }

    private FuzzCase Truncated(Dice dice, string account)
    {
        var bytes = Request(account).Json(Body).ToBytes();
        return Case(bytes[..dice.Below(bytes.Length)]) with { MayBeNoHttp = true, SpoilsConnection = true, StopsSending = true };
    }

    /// <summary>Two readings of one message: whichever is taken, what is left over is no request of another account's.</summary>
    private FuzzCase Conflicting(Dice dice, string account)
    {
        var smuggled = Encoding.Latin1.GetString(new HttpMessage("POST", "/api/query").Acting(actors.Victim, actors.Tokens[account]).Json(Body).ToBytes());
        var message = Request(account).Line("Content-Type", "application/json");
        foreach (var _ in Enumerable.Range(0, dice.Between(1, 3)))
        {
            message.RawLine(dice.Of(
                $"Content-Length: {Body.Length}", "Content-Length: 0", "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: 1e1",
                $"Content-Length: {Body.Length}, {Body.Length}", "Content-Length : 5", "Content-Length: 11000000", "Transfer-Encoding: chunked", "Transfer-Encoding:\tchunked", "Transfer_Encoding: chunked"));
        }

        var body = dice.Of(Body, $"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n", "0\r\n\r\n") + (dice.OneIn(2) ? smuggled : "");
        return Case(message.Body(Encoding.Latin1.GetBytes(body)).ToBytes()) with { MayBeNoHttp = true, SpoilsConnection = true, StopsSending = true };
    }

    private static FuzzCase Garbage(Dice dice) =>
        Case([.. Enumerable.Range(0, dice.Between(1, 400)).Select(_ => (byte)dice.Below(256)), .. "\r\n\r\n"u8]) with { MayBeNoHttp = true, SpoilsConnection = true, StopsSending = true };

    private FuzzCase FirstLine(Dice dice, string account)
    {
        var target = dice.Of("/api/query", "*", "http://127.0.0.1/api/query", "http://evil/api/query", "api/query", "/api/query#x", "/api/query HTTP/1.1\r\nX: ", "/" + new string('a', dice.Of(100, 9_000, 70_000)), "\t/api/query");
        var message = new HttpMessage(dice.Of("POST", "post", "CONNECT", "PRI", "P\u00d6ST", ""), target) { Version = dice.Of("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "http/1.1", "HTTP/1.1 ", "") };
        return Case(message.Acting(account, actors.Tokens[account]).Json(Body).ToBytes()) with { MayBeNoHttp = true, SpoilsConnection = true, StopsSending = true };
    }

    private HttpMessage Request(string account) => HttpMessage.Query(account, actors.Tokens[account]);

    private static FuzzCase Case(byte[] bytes) => new() { Seed = 0, Kind = CaseKind.Wire, Bytes = bytes, RunsSql = true };
}
