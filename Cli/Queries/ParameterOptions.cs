using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kataven.Cli.Queries;

/// <summary><c>$1</c>, <c>$2</c> … in the order in which the two options stand on the command line.</summary>
internal static class ParameterOptions
{
    private const string Text = "--param";
    private const string Json = "--param-json";

    public static void AddTo(Command command)
    {
        command.Add(new Option<string[]>(Text)
        {
            Description = "The next parameter, as text: PostgreSQL infers its type. May be repeated",
            HelpName = "VALUE",
            Arity = ArgumentArity.OneOrMore,
        });
        command.Add(new Option<string[]>(Json)
        {
            Description = "The next parameter, as JSON (null, [1,2], {\"a\":1}). May be repeated",
            HelpName = "JSON",
            Arity = ArgumentArity.OneOrMore,
        });
    }

    public static JsonArray Read(ParseResult parsed)
    {
        var parameters = new JsonArray();
        var option = "";
        foreach (var token in parsed.Tokens)
        {
            if (token.Type == TokenType.Option)
                option = token.Value;
            else if (option == Text)
                parameters.Add((JsonNode?)JsonValue.Create(token.Value));
            else if (option == Json)
                parameters.Add(Parse(token.Value));

            if (token.Type != TokenType.Option)
                option = "";
        }

        return parameters;
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException fault)
        {
            throw new CliFailure(ExitCode.Usage, $"{Json} '{json}' is no JSON: {fault.Message}");
        }
    }
}
