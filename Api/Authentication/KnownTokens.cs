using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Kataven.Api.Authentication;

/// <summary>
/// Tokens that were validated, by the hash of their text: a signature takes longer to check than a point read takes to run. Only
/// valid ones are here, each until it expires or the issuer's keys are fetched again, whichever comes first. Bounded: those that
/// were not used for longest go first.
/// </summary>
internal sealed class KnownTokens(IssuerKeys keys, TimeProvider time)
{
    /// <summary>Tokens of each of the two generations.</summary>
    public const int Capacity = 5_000;

    /// <summary>Characters of a token that is remembered: those of real ones are fewer.</summary>
    public const int LongestToken = 8 * 1024;

    private readonly Lock _lock = new();
    private volatile ConcurrentDictionary<Hash, KnownToken> _young = new();
    private volatile ConcurrentDictionary<Hash, KnownToken> _old = new();

    public int Count => _young.Count + _old.Count;

    /// <summary>The token, where it is known and as valid as when it was looked at.</summary>
    public KnownToken? Find(ReadOnlySpan<char> token)
    {
        if (!Hash.TryOf(token, out var hash))
        {
            return null;
        }

        if (!_young.TryGetValue(hash, out var known) && _old.TryGetValue(hash, out known))
        {
            Add(hash, known);
        }

        return known is not null && time.GetUtcNow() < known.Until && ReferenceEquals(known.Keys, keys.Current) ? known : null;
    }

    public void Add(string token, KnownToken known)
    {
        if (Hash.TryOf(token, out var hash))
        {
            Add(hash, known);
        }
    }

    private void Add(Hash hash, KnownToken known)
    {
        lock (_lock)
        {
            if (_young.Count >= Capacity)
            {
                (_old, _young) = (_young, new());
            }

            _young[hash] = known;
        }
    }

    /// <summary>SHA-256: nobody can make another text of it, so a token that is found is the one that was validated.</summary>
    private readonly record struct Hash(UInt128 High, UInt128 Low)
    {
        /// <summary>False for what is too long, and for what has more in it than ASCII, which no signed token has.</summary>
        public static bool TryOf(ReadOnlySpan<char> token, out Hash hash)
        {
            hash = default;
            if (token.Length > LongestToken)
            {
                return false;
            }

            Span<byte> bytes = stackalloc byte[token.Length];
            if (Ascii.FromUtf16(token, bytes, out var length) != OperationStatus.Done)
            {
                return false;
            }

            Span<UInt128> halves = stackalloc UInt128[2];
            SHA256.HashData(bytes[..length], MemoryMarshal.AsBytes(halves));
            hash = new Hash(halves[0], halves[1]);
            return true;
        }
    }
}
