namespace Kataven.Grains.Idempotency;

/// <summary>A write that was sent with a key.</summary>
/// <param name="Key">The <c>Idempotency-Key</c>.</param>
/// <param name="Hash">What the request is, as <see cref="RequestHash"/> has it.</param>
internal sealed record KeyedRequest(string Key, byte[] Hash);
