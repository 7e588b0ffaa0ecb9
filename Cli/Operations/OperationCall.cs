using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Http;
using Kataven.Cli.Output;
using Kataven.Cli.Waiting;

namespace Kataven.Cli.Operations;

/// <summary>A call that begins an operation, and the option to stay until that has ended.</summary>
internal sealed class OperationCall(CliHost host)
{
    public Option<bool> Wait { get; } = new("--wait") { Description = "Stay until it has ended, and show how it gets on" };

    public async Task<int> SendAsync(
        ParseResult parsed, KatavenClient client, HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken)
    {
        var answer = await client.AdminTextAsync(method, path, body, cancellationToken);
        if (parsed.GetValue(Wait))
            return await WaitAsync(host, parsed, client, Operation.Parse(answer), cancellationToken);

        host.Writer(parsed).WriteOne(answer);
        return ExitCode.Ok;
    }

    /// <summary>A failure is told like a refusal, and in the forms for programs the operation is written all the same.</summary>
    public static async Task<int> WaitAsync(
        CliHost host, ParseResult parsed, KatavenClient client, Operation operation, CancellationToken cancellationToken)
    {
        var id = operation.OperationId;
        operation = await new Poll(host.Console).UntilAsync(
            operation,
            cancel => Operation.ReadAsync(client, id, cancel),
            static next => next.HasEnded,
            $"operation {id} goes on. Wait again with: kataven operations wait {id}",
            static next => next.ToStep(),
            cancellationToken);

        var writer = host.Writer(parsed);
        if (operation.Status == Operation.Succeeded || writer.Form != OutputForm.Table)
            writer.WriteOne(operation.Answer);
        if (operation.Status == Operation.Failed)
            throw operation.ToException();

        return ExitCode.Ok;
    }
}
