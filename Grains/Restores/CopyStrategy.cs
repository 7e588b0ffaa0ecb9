namespace Kataven.Grains.Restores;

/// <summary>How PostgreSQL copies a database.</summary>
/// <param name="Clause">A strategy of <c>CREATE DATABASE</c>, or null for the server's own.</param>
internal sealed record CopyStrategy(string? Clause);
