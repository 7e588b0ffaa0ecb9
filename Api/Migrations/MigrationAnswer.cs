using Kataven.Migrations;

namespace Kataven.Api.Migrations;

/// <summary>A migration as the API tells it; the last two where it was applied.</summary>
internal sealed record MigrationAnswer(int Version, string Description, string Checksum, DateTimeOffset? AppliedAt, long? DurationMs)
{
    public static MigrationAnswer Of(MigrationEntry entry) => new(entry.Version, entry.Description, entry.Checksum, entry.AppliedAt, entry.DurationMs);
}
