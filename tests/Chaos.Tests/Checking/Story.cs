using Kataven.Chaos.Checking;
using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Tests.Checking;

/// <summary>A history made by hand. Times are seconds; the account is <c>acme</c>, its life <c>acme.1</c>.</summary>
internal sealed class Story
{
    public const string Account = "acme";
    public const string Life = "acme.1";

    private readonly List<Operation> _operations = [];
    private readonly List<Disturbance> _disturbances = [];
    private readonly List<Inspection> _inspections = [];
    private readonly List<Replacement> _replacements = [];
    private readonly List<Suspension> _suspensions = [];
    private readonly List<LaneExcess> _excesses = [];
    private readonly List<AccountLife> _lives = [new(Account, Life, TimeSpan.Zero)];

    /// <summary>Where it fails and nothing is said of a code, its front door was killed: a reason that says nothing of what became of it.</summary>
    public Story Write(string row, double from, double to, Outcome outcome = Outcome.Acknowledged, ActionKind kind = ActionKind.Insert, string? code = null, string? mark = null)
    {
        if (outcome != Outcome.Acknowledged && code is null)
        {
            Disturb(DisturbanceKind.KillFront, from, to, to);
        }

        return Add(Begin(kind, from, to, outcome, code) with { Rows = row.Split(','), Mark = mark });
    }

    public Story Count(string row, double from, double to, long got, int epoch = 1) =>
        Add(Begin(ActionKind.Increment, from, to, Outcome.Acknowledged, null) with { Rows = [row], Seen = new Sight(null, Account, Life, epoch, got, null) });

    public Story Read(double from, double to, long tally, int epoch = 1, string database = Account, string life = Life, long? counted = null) =>
        Add(Begin(ActionKind.Read, from, to, Outcome.Acknowledged, null) with { Seen = new Sight(database, life.Split('.')[0], life, epoch, tally, counted ?? tally) });

    public Story FailedRead(double from, double to, string code) =>
        Add(Begin(ActionKind.Read, from, to, code is "connection_lost" or "outcome_unknown" ? Outcome.Unknown : Outcome.Refused, code));

    public Story Disturb(DisturbanceKind kind, double from, double ended, double to, string target = "", string result = "") =>
        This(() => _disturbances.Add(new Disturbance(kind, target, At(from), At(ended), At(to), result)));

    public Story Replace(double closing, double closed, double opening, double opened, int closedEpoch = 2, bool happened = true) =>
        This(() => _replacements.Add(new Replacement(Life, closedEpoch, At(closing), At(closed), At(opening), At(opened), happened)));

    public Story Suspend(double asked, double inForce, double resuming, double resumed, long left = 0)
    {
        Disturb(DisturbanceKind.Suspension, asked, resumed, resumed, Account);
        return This(() => _suspensions.Add(new Suspension(Account, At(asked), At(inForce), At(resuming), At(resumed), left)));
    }

    public Story Exceed(string of, int seen, int limit) => This(() => _excesses.Add(new LaneExcess(of, At(1), At(2), seen, limit)));

    public Story End(double ending, double ended) =>
        This(() => _lives[0] = _lives[0] with { Ending = At(ending), Ended = At(ended) });

    /// <param name="at">When.</param>
    /// <param name="rows">Each <c>id</c>, <c>id=number</c> of an increment, <c>id!mark</c> or <c>id@committed</c>.</param>
    /// <param name="kind">What for.</param>
    /// <param name="begun">Of the copy.</param>
    /// <param name="made">Of the copy.</param>
    /// <param name="tally">The counter, where it is not the number of increments.</param>
    /// <param name="stamp">Whose the database says it is.</param>
    /// <param name="notes">Migrations.</param>
    /// <param name="applied">What is written down of them.</param>
    public Story Look(
        double at, string rows, InspectionKind kind = InspectionKind.Quiet, double begun = 0, double made = 0, long? tally = null, string stamp = Life, int[]? notes = null, int[]? applied = null)
    {
        var found = rows.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Row).ToList();
        return This(() => _inspections.Add(new Inspection
        {
            Kind = kind,
            Life = Life,
            Database = Account,
            At = At(at),
            CopyBegun = At(begun),
            CopyMade = At(made),
            Rows = found,
            Tally = tally ?? found.Count(row => row.Value is not null),
            Stamps = [stamp],
            Notes = notes ?? [],
            Applied = applied ?? notes ?? [],
        }));
    }

    public IReadOnlyList<Violation> Check() => Checker.Check(new History
    {
        Operations = _operations,
        Lives = _lives,
        Disturbances = _disturbances,
        Inspections = _inspections,
        Replacements = _replacements,
        Suspensions = _suspensions,
        Excesses = _excesses,
    });

    private static InspectedRow Row(string text)
    {
        var parts = text.Split('=', '!', '@');
        return new InspectedRow(
            parts[0],
            text.Contains('=') ? long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : null,
            text.Contains('!') ? parts[1] : null,
            text.Contains('@') ? At(double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)) : null);
    }

    private Operation Begin(ActionKind kind, double from, double to, Outcome outcome, string? code) => new()
    {
        Number = _operations.Count + 1,
        Account = Account,
        Life = Life,
        Kind = kind,
        Start = At(from),
        End = At(to),
        Outcome = outcome,
        Code = code ?? outcome switch { Outcome.Acknowledged => "ok", Outcome.Refused => "not_sent", _ => "connection_lost" },
    };

    private Story Add(Operation operation) => This(() => _operations.Add(operation));

    private Story This(Action change)
    {
        change();
        return this;
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
