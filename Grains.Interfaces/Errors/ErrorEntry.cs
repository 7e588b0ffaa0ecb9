namespace Kataven.Errors;

/// <summary>A row of the catalogue.</summary>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Status">The HTTP status; for <c>sql_error</c> the one where <see cref="SqlStates"/> has no other.</param>
/// <param name="Title">For people, the same for each error of this code.</param>
/// <param name="RetryAfterSeconds">What <c>Retry-After</c> says where the refusal does not say it itself, or null for no such header.</param>
public sealed record ErrorEntry(string Code, int Status, string Title, int? RetryAfterSeconds = null);
