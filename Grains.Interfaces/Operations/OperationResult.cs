using Kataven.Errors;

namespace Kataven.Operations;

/// <summary>An operation as it is now, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("kataven.OperationResult")]
public sealed record OperationResult([property: Id(0)] Operation? Operation, [property: Id(1)] Refusal? Refusal)
{
    public static OperationResult Of(Operation operation) => new(operation, null);

    public static OperationResult Refused(Refusal refusal) => new(null, refusal);
}
