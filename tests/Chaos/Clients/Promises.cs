namespace Kataven.Chaos.Clients;

/// <summary>What of the contract the service has, as its own description says: clients use all of it.</summary>
internal sealed record Promises(bool IdempotentWrites, bool InteractiveTransactions)
{
    public static Promises Of(string openApi) => new(
        openApi.Contains("\"Idempotency-Key\"", StringComparison.Ordinal), openApi.Contains("\"/api/transactions\"", StringComparison.Ordinal));
}
