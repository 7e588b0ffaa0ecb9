namespace Kataven.Chaos.Clients;

/// <summary>What of the contract the clients use.</summary>
internal static class Promises
{
    public static readonly bool IdempotentWrites;

    public static readonly bool InteractiveTransactions;
}
