using Kataven.Accounts;
using Kataven.Rollouts;

namespace Kataven.Grains.Rollouts;

/// <summary>What a rollout does next.</summary>
/// <param name="Act">What.</param>
/// <param name="Account">To which account, where it is one.</param>
/// <param name="Status">How it ends, where it does.</param>
internal readonly record struct RolloutStep(RolloutAct Act, AccountId Account = default, RolloutStatus Status = default);
