using Kataven.Accounts;

namespace Kataven.Grains.Accounts;

/// <summary>What was noted about changes of accounts since an earlier look.</summary>
/// <param name="Snapshot">The server's snapshot at this look: where the next one begins.</param>
/// <param name="Everything">Too much, or all at once (TRUNCATE): the whole table is to be read.</param>
/// <param name="Ids">The accounts that changed, where it is not everything.</param>
internal sealed record AccountChanges(string Snapshot, bool Everything, IReadOnlyCollection<AccountId> Ids);
