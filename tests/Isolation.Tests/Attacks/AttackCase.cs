using System.Text.Json;

namespace Kataven.Isolation.Tests.Attacks;

/// <summary>One way in which an account may try to reach beyond its database, as the data files tell it.</summary>
internal sealed record AttackCase
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Severity { get; init; }

    /// <summary>One statement after the other; the answer of the last is judged.</summary>
    public required IReadOnlyList<string> Sql { get; init; }

    public required Expectation Expect { get; init; }

    public IReadOnlyList<string> Cleanup { get; init; } = [];

    public int? MinPg { get; init; }

    public int? MaxPg { get; init; }

    /// <summary><c>watchdog</c>: only the service's own deadline ends it.</summary>
    public string? Requires { get; init; }

    public double? MaxSeconds { get; init; }

    /// <summary>It says which of the service's own codes it may be answered with.</summary>
    public bool NamesCodes => Expect.AnyOf.Any(expectation => expectation.GetRawText().Contains("\"code\"", StringComparison.Ordinal));

    /// <summary>It spends time or memory until a limit of the service ends it, which is the same limit on each server.</summary>
    public bool IsExhausting => Requires is not null || MaxSeconds is not null;

    public bool RunsOn(int major) => major >= (MinPg ?? 0) && major <= (MaxPg ?? int.MaxValue);

    /// <param name="On">Which answer is judged: always the <c>last</c>.</param>
    /// <param name="AnyOf">The answer meets one of them.</param>
    internal sealed record Expectation(string On, IReadOnlyList<JsonElement> AnyOf);
}
