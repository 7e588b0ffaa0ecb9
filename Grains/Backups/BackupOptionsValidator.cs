using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>What attributes cannot say: settings that need one another, and addresses.</summary>
internal sealed partial class BackupOptionsValidator : IValidateOptions<BackupOptions>
{
    public ValidateOptionsResult Validate(string? name, BackupOptions options)
    {
        List<string> faults = [.. new Ranges().Validate(name, options).Failures ?? [], .. Faults(options.S3)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(S3Options s3)
    {
        if (string.IsNullOrEmpty(s3.Bucket))
        {
            yield break;
        }

        if (s3.ServiceUrl is { Length: > 0 } address
            && !(Uri.TryCreate(address, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)))
        {
            yield return "Kataven:Backups:S3:ServiceUrl has to be a URL, as https://s3.example.com.";
        }

        if (string.IsNullOrEmpty(s3.ServiceUrl) && string.IsNullOrEmpty(s3.Region))
        {
            yield return "Kataven:Backups:S3:Bucket needs Kataven:Backups:S3:Region or Kataven:Backups:S3:ServiceUrl.";
        }

        if (string.IsNullOrEmpty(s3.AccessKey) != string.IsNullOrEmpty(s3.SecretKey))
        {
            yield return "Kataven:Backups:S3:AccessKey and Kataven:Backups:S3:SecretKey are given together, or neither.";
        }
    }

    [OptionsValidator]
    private sealed partial class Ranges : IValidateOptions<BackupOptions>;
}
