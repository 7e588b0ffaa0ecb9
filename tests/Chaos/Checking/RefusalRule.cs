using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>
/// Whatever fails does so for a reason. The death or the freezing of a silo is none for a read, and an orderly stop is one for nothing but
/// transactions that last from call to call. Nothing fails as it never should.
/// </summary>
internal static class RefusalRule
{
    private const string Reads = "a read does not fail without a reason";
    private const string Others = "a request does not fail without a reason";
    private const string Answers = "no answer is one that must not be";

    /// <summary>A bug, whatever happens around it.</summary>
    private static readonly string[] NeverRight = ["internal_error", "isolation_violation", "unauthorized", "not_found", "invalid_request", "account_forbidden"];

    /// <summary>PostgreSQL restarts: everything serves 20 s after it is back.</summary>
    private static readonly TimeSpan AfterPostgres = TimeSpan.FromSeconds(20);

    /// <summary>A change of an account is in force everywhere within a second, and this machine has two cores.</summary>
    private static readonly TimeSpan InForce = TimeSpan.FromSeconds(2);

    /// <summary>A client learns late that its front door has gone.</summary>
    private static readonly TimeSpan AfterFront = TimeSpan.FromSeconds(2);

    /// <summary>A transaction whose client never heard of it keeps its place for as long as its lease.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(30);

    /// <summary>Why there was no answer at all.</summary>
    public static readonly string[] NoAnswer = ["not_sent", "connection_lost", "no_answer"];

    public static IEnumerable<Violation> Find(History history) =>
    [
        .. from operation in history.Operations
           where NeverRight.Contains(operation.Code)
           select new Violation(Answers, $"{operation.Code} {operation.Detail}", operation),
        .. from operation in history.Operations
           where operation.Kind == ActionKind.Read && operation.Outcome != Outcome.Acknowledged && !HasReason(operation, history)
           select new Violation(Reads, $"{operation.Code} {operation.Detail}", operation),
        .. from operation in history.Operations
           where operation.Kind != ActionKind.Read && operation.Outcome != Outcome.Acknowledged && !IsWanted(operation)
               && !HasReason(operation, history) && !history.Disturbances.Any(disturbance => IsReasonToBreakOff(operation, disturbance))
           select new Violation(Others, $"{operation.Code} {operation.Detail}", operation),
    ];

    private static bool IsWanted(Operation operation) =>
        operation is { Kind: ActionKind.ForbiddenPair, Code: "sql_error" } or { Kind: ActionKind.InteractiveRollback, Code: "rolled_back" };

    /// <summary>Of what cannot be done a second time.</summary>
    private static bool IsReasonToBreakOff(Operation operation, Disturbance disturbance) => operation.Code switch
    {
        "overloaded" when operation.Kind is ActionKind.Interactive or ActionKind.InteractiveRollback && disturbance.TakesAnswers
            && operation.Overlaps(disturbance.From, disturbance.To + Abandoned) => true,
        "outcome_unknown" => IsLoss(operation, disturbance) || IsLossOfCalls(operation, disturbance),
        "database_unavailable" or "overloaded" or "query_timeout" => IsLoss(operation, disturbance),
        "transaction_lost" => IsLoss(operation, disturbance) || IsLossOfCalls(operation, disturbance)
            || (operation.Overlaps(disturbance.From, disturbance.To)
                && (disturbance.Kind == DisturbanceKind.StopSilo || (disturbance.Kind >= DisturbanceKind.Suspension && IsOn(operation, disturbance)))),
        _ => false,
    };

    /// <summary>A silo's connections, or its own, are gone from one moment to the next.</summary>
    private static bool IsLoss(Operation operation, Disturbance disturbance) =>
        disturbance.Kind is DisturbanceKind.KillSilo or DisturbanceKind.FreezeSilo or DisturbanceKind.CutDatabase
            ? operation.Overlaps(disturbance.From, disturbance.To)
            : disturbance.IsPostgres && operation.Overlaps(disturbance.From, disturbance.Ended + AfterPostgres);

    /// <summary>A front door that was declared dead while it was frozen serves for seconds after it woke, and is answered by no silo any more.</summary>
    private static bool IsLossOfCalls(Operation operation, Disturbance disturbance) =>
        disturbance.Kind == DisturbanceKind.FreezeFront && operation.Overlaps(disturbance.From, disturbance.To);

    private static bool HasReason(Operation read, History history) => history.Disturbances.Any(disturbance => IsReason(read, disturbance))
        || (read.Code is "account_inactive" or "invalid_account" or "sql_error" && history.Lives.Any(life => life.Life == read.Life && read.End > life.Ending));

    private static bool IsReason(Operation read, Disturbance disturbance) => read.Code switch
    {
        "account_inactive" => disturbance.Kind == DisturbanceKind.Suspension && IsOn(read, disturbance) && read.Overlaps(disturbance.From, disturbance.Ended + InForce),
        "account_held" => IsOn(read, disturbance) && read.Overlaps(disturbance.From, disturbance.To) && IsSlowed(disturbance, read),
        _ when NoAnswer.Contains(read.Code) => disturbance.TakesAnswers && read.Overlaps(disturbance.From, disturbance.To + AfterFront),
        "database_unavailable" or "overloaded" or "query_timeout" => disturbance.IsPostgres && read.Overlaps(disturbance.From, disturbance.Ended + AfterPostgres),
        _ => false,
    };

    /// <summary>An operation that has the account for itself, which took long.</summary>
    private static bool IsSlowed(Disturbance disturbance, Operation read) =>
        disturbance.Kind is DisturbanceKind.Restore or DisturbanceKind.Clone or DisturbanceKind.Rollout && read.End - read.Start > TimeSpan.FromSeconds(9);

    private static bool IsOn(Operation read, Disturbance disturbance) => disturbance.Target == read.Account || disturbance.Kind == DisturbanceKind.Rollout;
}
