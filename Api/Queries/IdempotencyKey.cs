using Kataven.Api.Errors;

namespace Kataven.Api.Queries;

/// <summary>The header by which a write happens once, however often it is sent.</summary>
internal static class IdempotencyKey
{
    public const string Name = "Idempotency-Key";

    /// <summary>On an answer that was kept.</summary>
    public const string ReplayedName = "Idempotency-Replayed";

    /// <summary>Characters of a key.</summary>
    public const int MaxLength = 255;

    /// <summary>The key, or null where none was sent.</summary>
    /// <exception cref="RequestFault">It was sent more than once, or is not what a key may be.</exception>
    public static string? Read(IHeaderDictionary headers)
    {
        var values = headers[Name];
        return values.Count switch
        {
            0 => null,
            1 when values[0] is { Length: > 0 and <= MaxLength } key && !key.AsSpan().ContainsAnyExceptInRange(' ', '~') => key,
            1 => throw new RequestFault($"{Name} has to be 1 to {MaxLength} printable ASCII characters."),
            _ => throw new RequestFault($"{Name} is sent more than once."),
        };
    }

    /// <exception cref="RequestFault">There is a key.</exception>
    public static void RefuseStream(string? key)
    {
        if (key is not null)
        {
            throw new RequestFault($"An answer that is streamed is not kept: leave {Name} out, or ask for application/json.");
        }
    }
}
