using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Kataven.Api.Authentication;

/// <summary>The first part of a token, read before its signature is checked, to learn which key it wants.</summary>
internal static class TokenHeader
{
    /// <summary>Characters of the encoded header: those of real tokens have fewer than 200.</summary>
    private const int MaxLength = 4096;

    /// <param name="token">What came as bearer token, whatever that is.</param>
    /// <param name="keyId">Its <c>kid</c>, or null where it has none.</param>
    /// <returns>False where this is no signed JWT: an opaque token, or garbage.</returns>
    public static bool TryReadKeyId(string token, out string? keyId)
    {
        keyId = null;
        var end = token.IndexOf('.', StringComparison.Ordinal);
        if (end is <= 0 or > MaxLength || token.AsSpan().Count('.') != 2)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(MaxLength);
        try
        {
            var status = Base64Url.DecodeFromChars(token.AsSpan(0, end), buffer, out _, out var written);
            return status == OperationStatus.Done && TryReadKeyId(buffer.AsSpan(0, written), out keyId);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryReadKeyId(ReadOnlySpan<byte> header, out string? keyId)
    {
        keyId = null;
        var reader = new Utf8JsonReader(header);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isKeyId = reader.ValueTextEquals("kid"u8);
                reader.Read();
                keyId = isKeyId && reader.TokenType == JsonTokenType.String ? reader.GetString() : keyId;
                reader.Skip();
            }

            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
