using Kataven.Accounts;

namespace Kataven.Observability;

/// <summary>What one account does in this process now.</summary>
/// <param name="Account">The account; null for those that are counted together.</param>
/// <param name="Requests">Requests so far. A number below the last one is a count that began anew.</param>
/// <param name="LanesOpen">Its open connections.</param>
/// <param name="LanesBusy">Those that are lent.</param>
/// <param name="Waiting">Requests that wait for one.</param>
public readonly record struct AccountActivity(AccountId? Account, long Requests, int LanesOpen = 0, int LanesBusy = 0, int Waiting = 0);
