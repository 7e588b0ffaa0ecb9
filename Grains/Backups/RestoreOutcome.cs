namespace Kataven.Grains.Backups;

/// <param name="Restored">Entries of the archive that were restored, or tried.</param>
/// <param name="LeftOut">Entries that are the service's own, reach beyond the database, or are rights of another role.</param>
/// <param name="Skipped">Statements of rights that failed, as those do that name a role which is gone.</param>
internal sealed record RestoreOutcome(int Restored, int LeftOut, int Skipped);
