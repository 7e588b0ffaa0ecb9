using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Planning;

/// <summary>One fault.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Target">The number of the silo, the front door or the account; taken modulo how many there are.</param>
/// <param name="Pause">How long everything is left in peace before it.</param>
/// <param name="Length">How long a process stays frozen, an account suspended, or is written to between its backup and its restore.</param>
internal sealed record PlannedFault(DisturbanceKind Kind, int Target, TimeSpan Pause, TimeSpan Length);
