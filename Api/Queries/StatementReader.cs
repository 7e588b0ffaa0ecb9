using System.Collections.Immutable;
using System.Text.Json;
using Kataven.Api.Errors;
using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>Reads the statements of a body, and the members that say how they run.</summary>
internal static class StatementReader
{
    /// <summary>PostgreSQL's protocol counts parameters in two bytes.</summary>
    public const int MaxParameters = 65_535;

    /// <summary>Statements of one transaction.</summary>
    public const int MaxStatements = 1_000;

    public static ImmutableArray<Statement> ReadAll(ref Utf8JsonReader json)
    {
        RequireArray(ref json, "statements");
        var statements = ImmutableArray.CreateBuilder<Statement>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (statements.Count == MaxStatements)
            {
                throw new RequestFault($"statements has more than {MaxStatements} statements.");
            }

            statements.Add(Read(ref json, $"statements[{statements.Count}]"));
        }

        return statements.ToImmutable();
    }

    /// <summary>Takes <c>sql</c> and <c>params</c>; false for any other member.</summary>
    public static bool TryReadMember(ref Utf8JsonReader json, string member, QueryBody query)
    {
        switch (member)
        {
            case "sql":
                query.Sql = ReadSql(ref json, query.Path + member);
                return true;
            case "params":
                query.Parameters = ReadParameters(ref json, query.Path + member);
                return true;
            default:
                return false;
        }
    }

    public static void ReadOption(ref Utf8JsonReader json, string member, RequestOptions options)
    {
        switch (member)
        {
            case "timeout_ms":
                options.Timeout = ReadTimeout(ref json);
                break;
            case "row_mode":
                options.RowMode = ReadChoice(ref json, member, ("array", RowMode.Array), ("object", RowMode.Object));
                break;
            case "numbers":
                options.Numbers = ReadChoice(ref json, member, ("number", NumberMode.Number), ("string", NumberMode.String));
                break;
            case "read_only":
                options.ReadOnly = ReadBoolean(ref json, member);
                break;
            default:
                throw new RequestFault($"{member} is not a member of this request.");
        }
    }

    public static T ReadChoice<T>(ref Utf8JsonReader json, string member, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        foreach (var (text, value) in choices)
        {
            if (json.TokenType == JsonTokenType.String && json.ValueTextEquals(text))
            {
                return value;
            }
        }

        throw new RequestFault($"{member} has to be {string.Join(" or ", choices.ToArray().Select(choice => $"\"{choice.Text}\""))}.");
    }

    public static TransactionIsolation ReadIsolation(ref Utf8JsonReader json, string member) => ReadChoice(
        ref json,
        member,
        ("read_committed", TransactionIsolation.ReadCommitted),
        ("repeatable_read", TransactionIsolation.RepeatableRead),
        ("serializable", TransactionIsolation.Serializable));

    private static Statement Read(ref Utf8JsonReader json, string path)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new RequestFault($"{path} has to be an object.");
        }

        var query = new QueryBody { Path = path + "." };
        var members = new MemberNames(query.Path);
        while (members.TryReadNext(ref json, out var member))
        {
            if (!TryReadMember(ref json, member, query))
            {
                throw new RequestFault($"{query.Path}{member} is not a member of a statement.");
            }
        }

        return query.Sql is null ? throw new RequestFault($"{query.Path}sql is missing.") : query.Statement;
    }

    private static string ReadSql(ref Utf8JsonReader json, string path)
    {
        var sql = json.TokenType == JsonTokenType.String ? json.GetString()! : throw new RequestFault($"{path} has to be a string.");
        // PostgreSQL's protocol ends a statement there, and would run what stands before it.
        return sql.Contains('\0', StringComparison.Ordinal) ? throw new RequestFault($"{path} has a NUL character.") : sql;
    }

    private static ImmutableArray<Parameter> ReadParameters(ref Utf8JsonReader json, string path)
    {
        RequireArray(ref json, path);
        var parameters = ImmutableArray.CreateBuilder<Parameter>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (parameters.Count == MaxParameters)
            {
                throw new RequestFault($"{path} has more than {MaxParameters} values.");
            }

            parameters.Add(ParameterReader.Read(ref json, path, parameters.Count));
        }

        return parameters.ToImmutable();
    }

    private static TimeSpan ReadTimeout(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new RequestFault("timeout_ms has to be a whole number of milliseconds, at least 1.");

    public static bool ReadBoolean(ref Utf8JsonReader json, string member) =>
        json.TokenType is JsonTokenType.True or JsonTokenType.False
            ? json.GetBoolean()
            : throw new RequestFault($"{member} has to be true or false.");

    private static void RequireArray(ref Utf8JsonReader json, string path)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new RequestFault($"{path} has to be an array.");
        }
    }
}
