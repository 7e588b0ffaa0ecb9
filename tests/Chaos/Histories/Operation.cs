namespace Kataven.Chaos.Histories;

/// <summary>One operation of a client, from before it was sent until after its answer was read. Times count from the run's begin.</summary>
internal sealed record Operation
{
    public required long Number { get; init; }

    public required string Account { get; init; }

    /// <summary>Which account of that slug: one that was deleted and made again is another.</summary>
    public required string Life { get; init; }

    public required ActionKind Kind { get; init; }

    public required TimeSpan Start { get; init; }

    public required TimeSpan End { get; init; }

    public required Outcome Outcome { get; init; }

    /// <summary><c>ok</c>, the code of the answer, or why there was none.</summary>
    public string Code { get; init; } = "ok";

    /// <summary>What an error's detail said.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Ids of the rows that it writes.</summary>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>What the answer said of the row that was written.</summary>
    public string? Mark { get; init; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; init; } = 1;

    /// <summary>Where an answer told it: what it saw.</summary>
    public Sight? Seen { get; init; }

    /// <summary>The front door that was asked last.</summary>
    public string Front { get; init; } = "";

    public bool IsRead => Kind is ActionKind.Read or ActionKind.PlainRead;

    public bool Overlaps(TimeSpan from, TimeSpan to) => Start <= to && End >= from;

    public override string ToString() =>
        $"#{Number} {Kind} {Account} {Start.TotalSeconds:0.000}-{End.TotalSeconds:0.000} s {Outcome} {Code}{(Seen is null ? "" : $" {Seen}")} {string.Join(',', Rows)}".TrimEnd();
}
