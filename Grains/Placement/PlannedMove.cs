using Kataven.Accounts;

namespace Kataven.Grains.Placement;

/// <summary>An account that is to go to another silo.</summary>
internal readonly record struct PlannedMove(AccountId Account, SiloAddress To);
