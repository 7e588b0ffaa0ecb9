using Kataven.Errors;

namespace Kataven.Grains.Operations;

/// <summary>An operation that cannot be done, for a reason that is told.</summary>
internal sealed class OperationFailedException(Refusal refusal, Exception? inner = null) : Exception(refusal.Detail, inner)
{
    public Refusal Refusal { get; } = refusal;
}
