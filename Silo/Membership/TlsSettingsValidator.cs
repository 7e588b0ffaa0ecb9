using Microsoft.Extensions.Options;

namespace Kataven.Membership;

/// <summary>Reads the certificate as a connection would, so that a start with one that nobody accepts is refused at once.</summary>
internal sealed class TlsSettingsValidator(TimeProvider time) : IValidateOptions<TlsSettings>
{
    public ValidateOptionsResult Validate(string? name, TlsSettings options)
    {
        if (!options.IsOn)
        {
            return options is { MemberName: not { Length: > 0 }, CheckRevocation: false }
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{TlsSettings.Section} has no {nameof(options.CertificateFile)}, {nameof(options.KeyFile)} and {nameof(options.AuthorityFile)}: nothing would be encrypted.");
        }

        try
        {
            MemberCertificate.Of(CertificateFiles.Read(options), options, time.GetUtcNow()).Dispose();
            return ValidateOptionsResult.Success;
        }
        catch (CertificateException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
