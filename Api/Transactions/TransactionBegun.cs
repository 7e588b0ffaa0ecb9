namespace Kataven.Api.Transactions;

/// <summary>A transaction that was begun.</summary>
/// <param name="TransactionId">By which its calls name it.</param>
/// <param name="ExpiresAt">When it is rolled back unless a call comes.</param>
internal sealed record TransactionBegun(string TransactionId, DateTimeOffset ExpiresAt);
