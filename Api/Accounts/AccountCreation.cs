using Kataven.Accounts;

namespace Kataven.Api.Accounts;

/// <summary>The body of <c>POST /api/admin/accounts</c>.</summary>
internal sealed record AccountCreation(AccountId Id, NewAccount Account);
