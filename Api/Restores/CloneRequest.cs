using Kataven.Accounts;

namespace Kataven.Api.Restores;

/// <param name="Into">The new account.</param>
/// <param name="Name">Its name.</param>
internal sealed record CloneRequest(AccountId Into, string Name);
