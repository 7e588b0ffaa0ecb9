namespace Kataven.Grains.Backups;

/// <param name="Restored">Entries of the archive that were restored, or tried.</param>
/// <param name="LeftOut">Entries that are the service's own, reach beyond the database, or are rights of another role.</param>
/// <param name="Skipped">Statements that failed and that the data does not need: rights of a role which is gone, a view that cannot be filled.</param>
/// <param name="SkippedBecause">What the first of them failed at.</param>
internal sealed record RestoreOutcome(int Restored, int LeftOut, int Skipped, string? SkippedBecause);
