using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Clients;

/// <summary>What the codes of the contract say about a write.</summary>
internal static class Answers
{
    /// <summary>
    /// The only errors after which a write may be there: the service says so itself (also of one that was ended for its time, where
    /// PostgreSQL had no word for that), or has failed in a way that it did not foresee.
    /// Every other error means that nothing happened: 4xx, <c>overloaded</c>, <c>account_held</c>, <c>database_unavailable</c>,
    /// <c>query_timeout</c>, <c>query_cancelled</c>, <c>isolation_violation</c>.
    /// </summary>
    private static readonly string[] SayNothing = ["outcome_unknown", "internal_error"];

    public static Outcome OutcomeOf(int status, string code) =>
        status is >= 200 and < 300 ? Outcome.Acknowledged
        : code.Length == 0 || SayNothing.Contains(code) ? Outcome.Unknown
        : Outcome.Refused;
}
