using System.Text.Json;
using System.Text.Json.Serialization;
using Kataven.Cli.Arguments;
using Kataven.Cli.Http;
using Kataven.Cli.Waiting;

namespace Kataven.Cli.Operations;

/// <summary>What the server does behind a <c>202</c>, as it last told it.</summary>
internal sealed record Operation(
    string OperationId, string Kind, string Status, string? AccountId = null, double Progress = 0, JsonElement? Problem = null)
{
    public const string Succeeded = "succeeded";
    public const string Failed = "failed";

    /// <summary>As the server wrote it.</summary>
    [JsonIgnore]
    public string Answer { get; private init; } = "";

    /// <summary>Its id becomes part of a path.</summary>
    public static Operation Parse(string answer) =>
        JsonSerializer.Deserialize(answer, OperationJson.Default.Operation) is { } operation && IdArgument.IsId(operation.OperationId)
            ? operation with { Answer = answer }
            : throw new JsonException();

    public static async Task<Operation> ReadAsync(KatavenClient client, string id, CancellationToken cancellationToken) =>
        Parse(await client.AdminTextAsync(HttpMethod.Get, $"/operations/{id}", null, cancellationToken));

    [JsonIgnore]
    public bool HasEnded => Status is Succeeded or Failed;

    public ProgressStep ToStep() => new(
        AccountId is null ? Kind : $"{Kind} of {AccountId}", Status, Status == Succeeded ? 1 : Math.Clamp(Progress, 0, 1));

    /// <summary>Why it failed, as if the server had refused with it.</summary>
    public Exception ToException() => Problem is { ValueKind: JsonValueKind.Object } problem
        ? new Refusal(Http.Problem.From(problem, status: 500))
        : new CliFailure(ExitCode.Unavailable, $"Operation {OperationId} failed, and the server does not say why.");
}
