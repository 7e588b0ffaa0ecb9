using Microsoft.Extensions.Options;

namespace Kataven.Api.Hosting;

/// <summary>Checks the addresses of proxies.</summary>
internal sealed class ProxySettingsValidator : IValidateOptions<ProxySettings>
{
    public ValidateOptionsResult Validate(string? name, ProxySettings options)
    {
        var faults = options.Known.Where(known => !ProxySettings.TryParse(known, out _)).Select(known =>
            $"{ProxySettings.Setting} has \"{known}\". Allowed: IP addresses, and networks such as 10.1.0.0/16.").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
