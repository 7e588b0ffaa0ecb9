using System.Text.Json;
using Kataven.Cli.Accounts;

namespace Kataven.Cli.Isolation;

/// <summary>What a call that changes something did to one account.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Outcome"><c>repaired</c>, <c>rotated</c>, <c>not_sound</c> (repaired, and still not as it should be) or <c>failed</c>.</param>
/// <param name="Detail">What is not as it should be, or why it failed.</param>
internal sealed record RunRow(string AccountId, string Outcome, string? Detail)
{
    public static RunRow Failed(string account, AccountFault fault) => new(account, "failed", fault.ToString());

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, IsolationJson.Default.RunRow);
}
