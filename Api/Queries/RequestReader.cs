using System.Buffers;
using System.Text.Json;
using Kataven.Api.Errors;

namespace Kataven.Api.Queries;

/// <summary>Reads the bodies of <c>/api/query</c> and <c>/api/transaction</c>. What is wrong with one is told by the member's name.</summary>
internal static class RequestReader
{
    /// <summary>Levels of arrays and objects in a body.</summary>
    public const int MaxDepth = 64;

    public static QueryBody ReadQuery(ReadOnlySequence<byte> body) => Read(body, static (ref Utf8JsonReader json) =>
    {
        var query = new QueryBody();
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            if (!StatementReader.TryReadMember(ref json, member, query))
            {
                StatementReader.ReadOption(ref json, member, query);
            }
        }

        return query.Sql is null ? throw new RequestFault("sql is missing.") : query;
    });

    public static TransactionBody ReadTransaction(ReadOnlySequence<byte> body) => Read(body, static (ref Utf8JsonReader json) =>
    {
        var transaction = new TransactionBody();
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "statements":
                    transaction.Statements = StatementReader.ReadAll(ref json);
                    break;
                case "isolation_level":
                    transaction.Isolation = StatementReader.ReadIsolation(ref json, member);
                    break;
                default:
                    StatementReader.ReadOption(ref json, member, transaction);
                    break;
            }
        }

        return transaction.Statements.IsDefaultOrEmpty
            ? throw new RequestFault("statements has to be an array of at least one statement.")
            : transaction;
    });

    internal delegate T Reading<T>(ref Utf8JsonReader json);

    /// <summary>A body that is one JSON object and nothing behind it.</summary>
    internal static T Read<T>(ReadOnlySequence<byte> body, Reading<T> read)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                throw new RequestFault("The body has to be a JSON object.");
            }

            var value = read(ref json);
            return json.Read() ? throw new RequestFault("There is something behind the JSON object.") : value;
        }
        catch (JsonException exception)
        {
            throw new RequestFault($"The body is not valid JSON: {FirstSentence(exception.Message)}");
        }
        catch (InvalidOperationException)
        {
            throw new RequestFault("The body has a string that is not valid Unicode.");
        }
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message : message[..(end + 1)];
    }
}
