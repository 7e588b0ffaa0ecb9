namespace Kataven.Bench.Results;

/// <summary>What the product is to reach.</summary>
/// <param name="What">Of which load.</param>
/// <param name="Wanted">In words.</param>
/// <param name="Found">What was found, and whether that is enough; null where it was not measured.</param>
internal sealed record Aim(string What, string Wanted, Func<ResultBook, (string Value, bool Met)?> Found);
