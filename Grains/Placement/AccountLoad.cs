using Kataven.Accounts;

namespace Kataven.Grains.Placement;

/// <summary>What an account costs the silo that it is on.</summary>
/// <param name="Account">The account.</param>
/// <param name="Share">Its part of all cores of the silo: 0 to 1.</param>
/// <param name="MayMove">False for one that came a short while ago, or where a move would break or hold up what runs.</param>
internal readonly record struct AccountLoad(AccountId Account, double Share, bool MayMove);
