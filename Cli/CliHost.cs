using System.CommandLine;
using Kataven.Cli.Http;
using Kataven.Cli.Output;

namespace Kataven.Cli;

/// <summary>What every command has: the console, and the options that stand for all of them.</summary>
internal sealed class CliHost(CliConsole console)
{
    public const string DefaultServer = "http://127.0.0.1:5080";

    private readonly Option<string?> _server = new("--server")
    {
        Description = $"Address of the front door (KATAVEN_SERVER; {DefaultServer})",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "Bearer token (KATAVEN_TOKEN; without one a development token is asked for)",
        HelpName = "TOKEN",
        Recursive = true,
    };

    private readonly Option<OutputForm?> _output = new("--output", "-o")
    {
        Description = "Form of the answer (table on a terminal, else json)",
        HelpName = "table|json|csv|ndjson",
        Recursive = true,
        CustomParser = static result =>
        {
            if (OutputForms.Parse(result.Tokens[0].Value) is { } form)
                return form;

            result.AddError("--output is one of table, json, csv, ndjson.");
            return null;
        },
    };

    public CliConsole Console => console;

    public void AddOptionsTo(Command root)
    {
        root.Add(_server);
        root.Add(_token);
        root.Add(_output);
    }

    public OutputForm Form(ParseResult parsed) =>
        parsed.GetValue(_output) ?? (console.OutIsTerminal ? OutputForm.Table : OutputForm.Json);

    public bool IsFormGiven(ParseResult parsed) => parsed.GetValue(_output) is not null;

    public AnswerWriter Writer(ParseResult parsed) => new(console, Form(parsed));

    public KatavenClient Connect(ParseResult parsed) => new(Server(parsed), Token(parsed));

    private Uri Server(ParseResult parsed)
    {
        var text = parsed.GetValue(_server) ?? Variable("KATAVEN_SERVER") ?? DefaultServer;
        if (Uri.TryCreate(text, UriKind.Absolute, out var server)
            && (server.Scheme == Uri.UriSchemeHttp || server.Scheme == Uri.UriSchemeHttps))
        {
            return server;
        }

        throw new CliFailure(ExitCode.Usage, $"--server (or KATAVEN_SERVER) is an address like {DefaultServer}, not '{text}'.");
    }

    private string? Token(ParseResult parsed)
    {
        var token = (parsed.GetValue(_token) ?? Variable("KATAVEN_TOKEN"))?.Trim();
        if (token is null || (token.Length > 0 && token.All(static c => c is > ' ' and <= '~')))
            return token;

        throw new CliFailure(ExitCode.Usage, "--token (or KATAVEN_TOKEN) is no bearer token: it is empty, or has characters that none has.");
    }

    private string? Variable(string name) => console.Variable(name) is { Length: > 0 } value ? value : null;
}
