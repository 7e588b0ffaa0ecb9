using Kataven.Accounts;

namespace Kataven.Api.Restores;

/// <param name="Backup">What to restore.</param>
/// <param name="Into">A new account that gets it, or null for the account's own place.</param>
/// <param name="From">The account that it is a backup of, where that is another one.</param>
/// <param name="Name">The new account's name.</param>
internal sealed record RestoreRequest(Guid Backup, AccountId? Into, AccountId? From, string? Name);
