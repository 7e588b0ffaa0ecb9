using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;
using Kataven.Cli.Output;

namespace Kataven.Cli.Queries;

/// <summary><c>kataven sql</c>: one statement in one account's database.</summary>
internal sealed class SqlCommand
{
    private readonly CliHost _host;
    private readonly Argument<string> _account = AccountArgument.Create();
    private readonly Option<int?> _timeout = DurationOption.Create("--timeout", "How long the statement may run (at most the account's limit)");

    private readonly Argument<string?> _statement = new("STATEMENT")
    {
        Description = "The statement; without it and --file, standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _file = new("--file", "-f") { Description = "Read the statement from a file", HelpName = "FILE" };
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "The statement only reads: it may be tried again, and share a connection" };
    private readonly Option<bool> _readWrite = new("--read-write") { Description = "Commit also what looks like a read" };

    private readonly Option<string?> _key = new("--idempotency-key") { Description = "The write happens once, however often it is sent with the same key", HelpName = "KEY" };

    private SqlCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var sql = new SqlCommand(host);
        var command = new CliCommand(
            "sql", "Run one statement in an account's database.", "kataven sql acme 'select * from item where id = $1' --param 7")
        {
            sql._account,
            sql._statement,
            sql._file,
        };
        ParameterOptions.AddTo(command);
        command.Add(sql._timeout);
        command.Add(sql._readOnly);
        command.Add(sql._readWrite);
        command.Add(sql._key);
        command.Validators.Add(result =>
        {
            if (result.GetValue(sql._statement) is not null && result.GetValue(sql._file) is not null)
                result.AddError("A statement and --file exclude each other.");
            if (result.GetValue(sql._readOnly) && result.GetValue(sql._readWrite))
                result.AddError("--read-only and --read-write exclude each other.");
            if (result.GetValue(sql._key) is { } key && (key.Length is 0 or > 255 || key.AsSpan().ContainsAnyExceptInRange(' ', '~')))
                result.AddError("--idempotency-key has to be 1 to 255 printable ASCII characters.");
        });
        command.SetAction(sql.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var client = _host.Connect(parsed);
        var parameters = ParameterOptions.Read(parsed);
        var statement = await StatementSource.ReadAsync(
            parsed.GetValue(_statement), parsed.GetValue(_file), _host.Console, cancellationToken);
        try
        {
            using var response = await client.QueryAsync(
                parsed.GetRequiredValue(_account),
                Body(parsed, statement, parameters),
                _host.Form(parsed).MediaType(),
                parsed.GetValue(_key),
                cancellationToken);
            await WriteAsync(response, _host.Form(parsed), cancellationToken);
            return ExitCode.Ok;
        }
        catch (Refusal refusal)
        {
            await _host.Console.Out.FlushAsync(cancellationToken);
            ProblemText.Write(_host.Console.Error, refusal.Problem, statement);
            return ExitCode.OfStatus(refusal.Problem.Status);
        }
    }

    private JsonObject Body(ParseResult parsed, string statement, JsonArray parameters)
    {
        var body = new JsonObject { ["sql"] = statement };
        if (parameters.Count > 0)
            body["params"] = parameters;
        if (parsed.GetValue(_timeout) is { } timeout)
            body["timeout_ms"] = timeout;
        if (parsed.GetValue(_readOnly))
            body["read_only"] = true;
        if (parsed.GetValue(_readWrite))
            body["read_only"] = false;

        return body;
    }

    private async Task WriteAsync(HttpResponseMessage response, OutputForm form, CancellationToken cancellationToken)
    {
        var console = _host.Console;
        if (form == OutputForm.Table)
        {
            using var answer = JsonDocument.Parse(await KatavenClient.ReadAsync(response, cancellationToken));
            GridWriter.Write(console, QueryGrid.Of(answer.RootElement));
            return;
        }

        var end = form == OutputForm.NdJson ? new NdJsonEnd() : null;
        await AnswerStream.CopyAsync(response, console, end, cancellationToken);
        if (end is not null)
            EnsureEnded(end.LastLine);
    }

    /// <summary>A stream that broke off has status 200: its last line says so, or is missing.</summary>
    private static void EnsureEnded(string? lastLine)
    {
        if (lastLine is null)
            throw KatavenClient.BrokeOff();

        using var line = JsonDocument.Parse(lastLine);
        if (line.RootElement.TryGetProperty("error", out var problem))
            throw new Refusal(Problem.From(problem, status: 500));
        if (!line.RootElement.TryGetProperty("command", out _))
            throw KatavenClient.BrokeOff();
    }
}
