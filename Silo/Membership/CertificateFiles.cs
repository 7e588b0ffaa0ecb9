namespace Kataven.Membership;

/// <summary>What stood in the three files at one moment, as text.</summary>
internal sealed record CertificateFiles(string Certificate, string Key, string Authority)
{
    /// <exception cref="CertificateException">One is not named, or cannot be read.</exception>
    public static CertificateFiles Read(TlsSettings settings) => new(
        Read(nameof(settings.CertificateFile), settings.CertificateFile),
        Read(nameof(settings.KeyFile), settings.KeyFile),
        Read(nameof(settings.AuthorityFile), settings.AuthorityFile));

    private static string Read(string setting, string? path)
    {
        if (path is not { Length: > 0 })
        {
            throw new CertificateException(
                $"{TlsSettings.Section}:{setting} is not set. {nameof(TlsSettings.CertificateFile)}, {nameof(TlsSettings.KeyFile)} and {nameof(TlsSettings.AuthorityFile)} are needed together.");
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{TlsSettings.Section}:{setting} is \"{path}\", which cannot be read: {exception.Message}", exception);
        }
    }

    // The key does not belong into a log.
    public override string ToString() => nameof(CertificateFiles);
}
