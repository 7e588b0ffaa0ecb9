using Microsoft.Extensions.Options;

namespace Kataven.Grains.Isolation;

/// <summary>A key of the wrong length would be noticed at the first account only.</summary>
internal sealed class SecretOptionsValidator : IValidateOptions<SecretOptions>
{
    /// <summary>Never the key itself: what is wrong with a secret may be one letter.</summary>
    private const string Form = "has to be 32 bytes in base64, as openssl rand -base64 32 makes them.";

    public ValidateOptionsResult Validate(string? name, SecretOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(SecretOptions options)
    {
        if (options.Key is not null && !IsKey(options.Key))
        {
            yield return $"Kataven:Secrets:Key {Form}";
        }

        for (var i = 0; i < options.FormerKeys.Count; i++)
        {
            if (!IsKey(options.FormerKeys[i]))
            {
                yield return $"Kataven:Secrets:FormerKeys:{i} {Form}";
            }
        }

        if (options.Key is null && options.FormerKeys.Count > 0)
        {
            yield return "Kataven:Secrets:FormerKeys needs Kataven:Secrets:Key, the key that new passwords are encrypted with.";
        }
    }

    private static bool IsKey(string text) => Convert.TryFromBase64String(text, new byte[64], out var length) && length == 32;
}
