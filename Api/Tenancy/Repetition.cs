namespace Kataven.Api.Tenancy;

/// <summary>Whether a request may be sent again after it was sent to a silo or a connection that was lost.</summary>
internal enum Repetition
{
    /// <summary>It may have written: a second time it might write twice.</summary>
    Unsafe,

    /// <summary>It only reads, or what it leaves does no harm.</summary>
    Harmless,

    /// <summary>Where it only reads, which the account's silo can tell and this front door cannot.</summary>
    IfItReads,

    /// <summary>It has an <c>Idempotency-Key</c>: where it happened already, a second time finds the answer.</summary>
    ByKey,
}
