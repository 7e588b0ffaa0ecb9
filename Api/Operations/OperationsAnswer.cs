namespace Kataven.Api.Operations;

/// <summary>The newest operations first.</summary>
internal sealed record OperationsAnswer(IReadOnlyList<OperationAnswer> Operations);
