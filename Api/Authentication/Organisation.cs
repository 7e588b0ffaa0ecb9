using Kataven.Accounts;

namespace Kataven.Api.Authentication;

/// <summary>An organisation that a token names. Only its id is stable; its owners can change the rest.</summary>
/// <param name="Id">Null where the token gives a name alone.</param>
/// <param name="Name">Known of the home organisation only.</param>
/// <param name="PrimaryDomain">For instance <c>acme.example.com</c>.</param>
internal sealed record Organisation(string? Id, string? Name, string? PrimaryDomain)
{
    /// <summary>
    /// The slug that the organisation's name is, or else the first label of its domain, as it stands; null where
    /// neither is one. It counts for accounts that are not bound, and only where binding is not required.
    /// </summary>
    public AccountId? NamedAccount =>
        AccountId.TryParse(Name, out var named) || AccountId.TryParse(PrimaryDomain?.Split('.', 2)[0], out named) ? named : null;
}
