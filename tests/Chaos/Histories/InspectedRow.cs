namespace Kataven.Chaos.Histories;

/// <summary>A row as a superuser finds it.</summary>
/// <param name="Id">Names the account, its life, and the operation.</param>
/// <param name="Value">The number that an increment got.</param>
/// <param name="Mark">What was told to the client that wrote it.</param>
/// <param name="Committed">When, by PostgreSQL's clock, in times of the run.</param>
internal sealed record InspectedRow(string Id, long? Value, string? Mark, TimeSpan? Committed);
