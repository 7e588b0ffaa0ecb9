using Kataven.Errors;

namespace Kataven.Grains.Tenants;

/// <summary>Whether a request is let in: it is, or it is refused, or whoever sent it decided by an older row of the account.</summary>
internal readonly record struct Admission(Refusal? Refusal, bool IsStale)
{
    public static Admission Admitted => default;

    public static readonly Admission Stale = new(null, true);

    public bool IsAdmitted => Refusal is null && !IsStale;

    public static Admission Refused(Refusal refusal) => new(refusal, false);
}
