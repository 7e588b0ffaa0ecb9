using System.Buffers;
using System.Text.Json;
using Kataven.Api.Errors;
using Kataven.Operations;

namespace Kataven.Api.Operations;

/// <summary>An operation as the API tells it.</summary>
/// <param name="OperationId">Its id.</param>
/// <param name="Kind">What it does.</param>
/// <param name="AccountId">The account that it is about.</param>
/// <param name="Status"><c>running</c>, <c>succeeded</c> or <c>failed</c>.</param>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Step">What is done now, or was done last.</param>
/// <param name="Problem">Problem details, where it failed.</param>
/// <param name="Result">What came of it, as the kind has it.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
internal sealed record OperationAnswer(
    Guid OperationId,
    string Kind,
    string AccountId,
    string Status,
    double Progress,
    string Step,
    JsonElement? Problem,
    JsonElement? Result,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt)
{
    public static OperationAnswer Of(Operation operation, string traceId) => new(
        operation.Id,
        operation.Kind,
        operation.AccountId,
        OperationStatusText.Of(operation.Status),
        Math.Round(operation.Progress, 4),
        operation.Step,
        ProblemOf(operation, traceId),
        operation.Result is { } result ? JsonElement.Parse(result) : null,
        operation.CreatedAt,
        operation.FinishedAt);

    private static JsonElement? ProblemOf(Operation operation, string traceId)
    {
        // Known before what is left of it is removed.
        if (operation.Status != Kataven.Operations.OperationStatus.Failed || operation.Problem is not { } problem)
        {
            return null;
        }

        var text = new ArrayBufferWriter<byte>();
        ProblemWriter.Write(text, problem, traceId);
        return JsonElement.Parse(text.WrittenSpan);
    }
}
