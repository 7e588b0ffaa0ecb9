using System.Diagnostics.CodeAnalysis;
using Kataven.Errors;

namespace Kataven.Api.Tenancy;

/// <summary>What is not known of the tries of one call, and what follows for the next.</summary>
/// <param name="repetition">Whether it may be sent again.</param>
/// <param name="asksAgain">Called when the next try has to say that it may have run before.</param>
internal sealed class UnknownOutcome(Repetition repetition, Action? asksAgain)
{
    /// <summary>What the client is told unless a later try finds out; null while each try is known not to have run.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>It was refused for something that says nothing of the tries before: it did not run, or may have waited for one of them.</summary>
    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool IsLeftBy(Refusal refusal) =>
        Refusal is not null && (refusal.DidNotRun || refusal.Code is ErrorCode.QueryTimeout or ErrorCode.QueryCancelled);

    public void Note(Refusal refusal)
    {
        if (refusal.Code == ErrorCode.OutcomeUnknown)
        {
            Refusal = refusal;
            asksAgain?.Invoke();
        }
    }

    /// <summary>No connection could be opened, or one was lost: what ran was rolled back, only reads, or is known by its key.</summary>
    public bool MayBeSentAgain(Refusal refusal) => !refusal.IsLasting && refusal.Code switch
    {
        ErrorCode.DatabaseUnavailable =>
            refusal.DidNotRun || repetition is Repetition.Harmless or Repetition.ByKey || (repetition == Repetition.IfItReads && Refusal is not null),
        // The second time it comes from the account's silo, which cannot tell that it only reads.
        ErrorCode.OutcomeUnknown => repetition == Repetition.ByKey || (repetition == Repetition.IfItReads && Refusal is null),
        _ => false,
    };
}
