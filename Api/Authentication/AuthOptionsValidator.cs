using Microsoft.Extensions.Options;

namespace Kataven.Api.Authentication;

/// <summary>Stops a start with wrong settings, and names all of them at once.</summary>
internal sealed class AuthOptionsValidator(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    private const string Section = AuthOptions.Section;

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(AuthOptions options)
    {
        var hasAuthority = !string.IsNullOrWhiteSpace(options.Authority);
        var hasAudience = !string.IsNullOrWhiteSpace(options.Audience);
        if (!environment.IsDevelopment() && !(hasAuthority && hasAudience))
        {
            yield return $"{Section}:Authority (the URL of the OpenID Connect issuer) and {Section}:Audience (what a token's aud has to contain) " +
                $"are required in the environment {environment.EnvironmentName}: {Missing(hasAuthority, hasAudience)}.";
        }
        else if (hasAuthority && !hasAudience)
        {
            yield return $"{Section}:Audience is required where {Section}:Authority is set: what a token's aud has to contain.";
        }

        if (hasAuthority && UrlFault(options.Authority!, options.RequireHttpsMetadata) is { } authorityFault)
        {
            yield return $"{Section}:Authority {authorityFault}";
        }

        if (options.UsesDevelopmentIssuer(environment) && UrlFault(options.DevelopmentIssuer, https: false) is { } issuerFault)
        {
            yield return $"{Section}:DevelopmentIssuer {issuerFault}";
        }

        foreach (var fault in DurationFaults(options))
        {
            yield return fault;
        }
    }

    private static string Missing(bool hasAuthority, bool hasAudience) => (hasAuthority, hasAudience) switch
    {
        (false, false) => "neither is set",
        (false, _) => "Authority is not set",
        _ => "Audience is not set",
    };

    private static string? UrlFault(string text, bool https)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.Query.Length > 0 || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
        {
            return "has to be an absolute http or https URL without query, fragment or user name.";
        }

        return https && url.Scheme != Uri.UriSchemeHttps
            ? $"has to be an https URL. For an issuer on a private network {Section}:RequireHttpsMetadata can be set to false."
            : null;
    }

    private static IEnumerable<string> DurationFaults(AuthOptions options)
    {
        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] durations =
        [
            (nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            (nameof(options.KeyRefreshCoolDown), options.KeyRefreshCoolDown, TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1)),
            (nameof(options.KeyLifetime), options.KeyLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        ];
        return durations
            .Where(duration => duration.Value < duration.Least || duration.Value > duration.Most)
            .Select(duration => $"{Section}:{duration.Name} is {duration.Value:c}: {duration.Least:c} to {duration.Most:c} is allowed.");
    }
}
