using Microsoft.Extensions.Options;

namespace Kataven.Observability;

/// <summary>Checks the management URLs.</summary>
internal sealed class ManagementOptionsValidator : IValidateOptions<ManagementOptions>
{
    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        var faults = options.Urls.Where(url => !IsAllowed(url)).Select(url =>
            $"{ManagementOptions.Setting} has \"{url}\". Allowed: http://ADDRESS:PORT, such as {ManagementOptions.SiloDefault}, with commas between several.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static bool IsAllowed(string text) =>
        Uri.TryCreate(text.Replace("://*:", "://0.0.0.0:", StringComparison.Ordinal).Replace("://+:", "://0.0.0.0:", StringComparison.Ordinal), UriKind.Absolute, out var url)
        && url.Scheme == Uri.UriSchemeHttp && url is { PathAndQuery: "/", UserInfo: "" };
}
