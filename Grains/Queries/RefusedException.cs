using Kataven.Errors;

namespace Kataven.Grains.Queries;

/// <summary>Ends what runs on a lane with a refusal of the service's own: nothing of it is committed.</summary>
internal sealed class RefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
