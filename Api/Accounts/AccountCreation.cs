using Kataven.Accounts;

namespace Kataven.Api.Accounts;

/// <summary>The body of <c>POST /api/admin/accounts</c>.</summary>
/// <param name="Id">The slug.</param>
/// <param name="Account">What it is to be.</param>
/// <param name="FromBackup">The backup that it is made of, or null for an empty one.</param>
internal sealed record AccountCreation(AccountId Id, NewAccount Account, Guid? FromBackup);
