using Kataven.Errors;

namespace Kataven.Grains.Tenants;

/// <summary>
/// Whether a request is let in: it is, or it is refused, or whoever sent it decided by an older row of the account, or it has to wait
/// until the account is not held any more.
/// </summary>
internal readonly record struct Admission(Refusal? Refusal, bool IsStale, TenantHold? Hold)
{
    public static Admission Admitted => default;

    public static readonly Admission Stale = new(null, true, null);

    public bool IsAdmitted => Refusal is null && !IsStale && Hold is null;

    public static Admission Refused(Refusal refusal) => new(refusal, false, null);

    public static Admission Held(TenantHold hold) => new(null, false, hold);
}
