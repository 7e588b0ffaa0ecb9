using Kataven.Errors;

namespace Kataven.Api.Errors;

/// <summary>A call of a grain had no answer, however often it was made.</summary>
internal sealed class UnansweredCall : Exception
{
    private static readonly Refusal Unavailable = Refusal.Of(ErrorCode.DatabaseUnavailable, "The service cannot answer now. Try again.");

    private static readonly Refusal Unknown = Refusal.Of(
        ErrorCode.OutcomeUnknown, "A silo or the system database was lost meanwhile: it may or may not have been done. Look before it is asked for again.");

    private UnansweredCall(Refusal refusal, Exception? failure)
        : base(refusal.Detail, failure) => Refusal = refusal;

    /// <summary>What the caller is told.</summary>
    public Refusal Refusal { get; }

    /// <param name="failure">What the last call failed with, for the log; null where none could be made.</param>
    public static UnansweredCall WithNothingDone(Exception? failure) => new(Unavailable, failure);

    /// <inheritdoc cref="WithNothingDone"/>
    public static UnansweredCall WithUnknownOutcome(Exception? failure) => new(Unknown, failure);
}
