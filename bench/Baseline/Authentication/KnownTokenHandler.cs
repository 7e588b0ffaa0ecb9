using System.Collections.Concurrent;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Baseline.Authentication;

/// <summary>
/// Remembers tokens that were valid, by their text, until they expire: to check a signature costs more than to read a row, so
/// whoever measured his service would do this.
/// </summary>
internal sealed class KnownTokenHandler(TimeProvider time) : JsonWebTokenHandler
{
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<string, TokenValidationResult> _known = new(StringComparer.Ordinal);

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        if (_known.TryGetValue(token, out var known) && known.SecurityToken.ValidTo > time.GetUtcNow().UtcDateTime)
        {
            return known;
        }

        var result = await base.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            if (_known.Count >= Capacity)
            {
                _known.Clear();
            }

            _known[token] = result;
        }

        return result;
    }
}
