namespace Kataven.Api.Migrations;

/// <summary>What was applied, or would be, and the version that the account has now.</summary>
internal sealed record AppliedAnswer(int Version, IReadOnlyList<MigrationAnswer> Applied);
