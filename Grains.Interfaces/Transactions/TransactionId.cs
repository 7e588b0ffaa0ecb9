using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Kataven.Accounts;

namespace Kataven.Transactions;

/// <summary>
/// An interactive transaction: 128 random bits, and behind them a hash of these and of the account. So whoever is shown an id
/// can tell, with nothing kept and no key, that it was made for this account: it has ended then, where nobody knows it any more,
/// and any other never was. Whoever makes one up for an account learns that the account has no such transaction.
/// </summary>
[GenerateSerializer, Immutable, Alias("kataven.TransactionId")]
public readonly record struct TransactionId
{
    private const int RandomBytes = 16;

    private const int ProofBytes = 8;

    /// <summary>Characters of an id: base64 for URLs, without padding.</summary>
    public const int Length = (RandomBytes + ProofBytes) * 4 / 3;

    [Id(0)]
    private readonly string? _value;

    private TransactionId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("A TransactionId is made by TryParse or New.");

    public static TransactionId New(AccountId account)
    {
        Span<byte> bytes = stackalloc byte[RandomBytes + ProofBytes];
        RandomNumberGenerator.Fill(bytes[..RandomBytes]);
        Prove(account, bytes[..RandomBytes], bytes[RandomBytes..]);
        return new TransactionId(Base64Url.EncodeToString(bytes));
    }

    /// <summary>False for whatever was not made for this account.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, AccountId account, out TransactionId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[RandomBytes + ProofBytes];
        if (text is not { Length: Length } || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var read) || read != bytes.Length)
        {
            return false;
        }

        Span<byte> proof = stackalloc byte[ProofBytes];
        Prove(account, bytes[..RandomBytes], proof);
        if (!proof.SequenceEqual(bytes[RandomBytes..]))
        {
            return false;
        }

        id = new TransactionId(text);
        return true;
    }

    public override string ToString() => _value ?? "";

    private static void Prove(AccountId account, ReadOnlySpan<byte> random, Span<byte> proof)
    {
        Span<byte> proved = stackalloc byte[RandomBytes + AccountId.MaxLength];
        random.CopyTo(proved);
        var length = RandomBytes + Encoding.ASCII.GetBytes(account.Value, proved[RandomBytes..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(proved[..length], hash);
        hash[..proof.Length].CopyTo(proof);
    }
}
