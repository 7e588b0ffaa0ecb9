namespace Kataven.Grains.Idempotency;

/// <summary>The answer of a write that was committed, and the hash of the request that it answers.</summary>
internal sealed record KeptAnswer(byte[] Hash, ReadOnlyMemory<byte> Body)
{
    public bool Answers(KeyedRequest request) => Hash.AsSpan().SequenceEqual(request.Hash);
}
