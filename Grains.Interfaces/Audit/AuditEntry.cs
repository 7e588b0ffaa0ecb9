namespace Kataven.Audit;

/// <summary>One call that changed, or tried to change, something: who, what, when, outcome.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AuditEntry")]
public sealed record AuditEntry
{
    [Id(0)]
    public long Id { get; init; }

    [Id(1)]
    public DateTimeOffset At { get; init; }

    /// <summary>The token's subject.</summary>
    [Id(2)]
    public required string Actor { get; init; }

    /// <summary>The call, as <c>PUT /api/admin/accounts/{id}/suspension</c>.</summary>
    [Id(3)]
    public required string Action { get; init; }

    [Id(4)]
    public string? AccountId { get; init; }

    /// <summary><c>started</c> while it runs (or where its process died), then <c>succeeded</c> or the error's code.</summary>
    [Id(5)]
    public string Outcome { get; init; } = "started";

    [Id(6)]
    public int? Status { get; init; }

    [Id(7)]
    public string? TraceId { get; init; }
}
