namespace Kataven.Api.Migrations;

/// <summary>Where an account stands.</summary>
/// <param name="Version">The newest version that is applied; 0 for none.</param>
/// <param name="Applied">What was applied.</param>
/// <param name="Pending">What is not.</param>
/// <param name="Drift">What changed or vanished after it was applied.</param>
/// <param name="Schema">Where it was asked for: in what the schema differs from a new account's with the same migrations.</param>
internal sealed record AccountMigrationsAnswer(
    int Version,
    IReadOnlyList<MigrationAnswer> Applied,
    IReadOnlyList<MigrationAnswer> Pending,
    IReadOnlyList<DriftAnswer> Drift,
    IReadOnlyList<SchemaDifferenceAnswer>? Schema);
