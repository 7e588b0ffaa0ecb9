namespace Kataven.Api.Pools;

/// <summary>The answer of <c>POST /api/admin/pools/{id}/warmth</c>: 0 ms where a connection was open already.</summary>
internal sealed record WarmthAnswer(string AccountId, bool Opened, long TookMs);
