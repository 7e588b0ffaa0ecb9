using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Isolation;

/// <summary>Encrypts passwords at rest (AES-256-GCM), each bound to its account, so that one cannot be put in another's place.</summary>
internal sealed class SecretBox(IOptions<SecretOptions> options)
{
    /// <summary>What closed passwords begin with.</summary>
    public const string Mark = "v1:";

    private static readonly int NonceSize = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagSize = AesGcm.TagByteSizes.MaxSize;

    private readonly byte[]? _key = options.Value.Key is { } key ? Convert.FromBase64String(key) : null;
    private readonly byte[][] _former = [.. options.Value.FormerKeys.Select(Convert.FromBase64String)];

    public bool Encrypts => _key is not null;

    /// <param name="secret">The clear text.</param>
    /// <param name="owner">What it is bound to: the account's slug.</param>
    public string Close(string secret, string owner)
    {
        if (_key is null)
        {
            return secret;
        }

        var clear = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceSize + clear.Length + TagSize];
        var nonce = box.AsSpan(0, NonceSize);
        var rest = box.AsSpan(NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(nonce, clear, rest[..clear.Length], rest[clear.Length..], Encoding.UTF8.GetBytes(owner));
        return Mark + Convert.ToBase64String(box);
    }

    /// <exception cref="SecretKeyException">None of the keys is the one that closed it, or it is another account's.</exception>
    public string Open(string stored, string owner) =>
        Look(stored, owner, out var secret) == PasswordState.Unreadable ? throw new SecretKeyException() : secret!;

    public PasswordState StateOf(string stored, string owner) => Look(stored, owner, out _);

    private PasswordState Look(string stored, string owner, out string? secret)
    {
        if (!stored.StartsWith(Mark, StringComparison.Ordinal))
        {
            // From before there was a key: it is closed when it is rotated or repaired next.
            secret = stored;
            return _key is null ? PasswordState.Current : PasswordState.Clear;
        }

        secret = null;
        if (_key is null)
        {
            return PasswordState.Unreadable;
        }

        return TryOpen(_key, stored, owner, out secret) ? PasswordState.Current
            : TryFormer(stored, owner, out secret) ? PasswordState.Former
            : PasswordState.Unreadable;
    }

    private bool TryFormer(string stored, string owner, [NotNullWhen(true)] out string? secret)
    {
        secret = null;
        foreach (var key in _former)
        {
            if (TryOpen(key, stored, owner, out secret))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryOpen(byte[] key, string stored, string owner, [NotNullWhen(true)] out string? secret)
    {
        secret = null;
        var buffer = new byte[stored.Length];
        if (!Convert.TryFromBase64String(stored[Mark.Length..], buffer, out var length) || length < NonceSize + TagSize)
        {
            return false;
        }

        var box = buffer.AsSpan(0, length);
        var clear = new byte[length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        try
        {
            aes.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], clear, Encoding.UTF8.GetBytes(owner));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        secret = Encoding.UTF8.GetString(clear);
        return true;
    }
}
