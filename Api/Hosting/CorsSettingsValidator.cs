using Microsoft.Extensions.Options;

namespace Kataven.Api.Hosting;

/// <summary>An origin that no browser sends would never match, and nobody would know why.</summary>
internal sealed class CorsSettingsValidator : IValidateOptions<CorsSettings>
{
    public ValidateOptionsResult Validate(string? name, CorsSettings options)
    {
        var faults = options.Origins.Where(origin => !IsOrigin(origin)).Select(origin =>
            $"{CorsSettings.Setting} has \"{origin}\". Allowed: exact origins as a browser sends them (scheme, host, and the port where it is not " +
            "the scheme's own; no path, no *), such as https://app.example.com.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    internal static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && text == $"{url.Scheme}://{url.IdnHost}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
}
