using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kataven.Membership;

/// <summary>This process's certificate, and the authority by which it knows the others'.</summary>
internal sealed class MemberCertificate : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _authorities;
    private readonly X509Certificate2Collection _between;
    private readonly TlsSettings _settings;

    private MemberCertificate(X509Certificate2 certificate, X509Certificate2Collection between, X509Certificate2Collection authorities, TlsSettings settings)
    {
        (Certificate, _between, _authorities, _settings) = (certificate, between, authorities, settings);
        Context = SslStreamCertificateContext.Create(certificate, between, offline: true);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What is sent: the certificate, and those between it and the authority.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <param name="files">What the files have.</param>
    /// <param name="settings">Where they are.</param>
    /// <param name="now">The time that the certificate has to be good at.</param>
    /// <exception cref="CertificateException">No other member would accept it.</exception>
    public static MemberCertificate Of(CertificateFiles files, TlsSettings settings, DateTimeOffset now)
    {
        var authorities = Parse(files.Authority, nameof(settings.AuthorityFile), settings.AuthorityFile!);
        var chain = Parse(files.Certificate, nameof(settings.CertificateFile), settings.CertificateFile!);
        X509Certificate2 certificate;
        try
        {
            certificate = X509Certificate2.CreateFromPem(files.Certificate, files.Key);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CertificateException(
                $"{TlsSettings.Section}:{nameof(settings.KeyFile)} is \"{settings.KeyFile}\", which is no key in PEM without a password that belongs to the certificate in \"{settings.CertificateFile}\".", exception);
        }

        chain.RemoveAt(0);
        var member = new MemberCertificate(certificate, chain, authorities, settings);
        if (member.Fault(now) is { } fault)
        {
            member.Dispose();
            throw new CertificateException($"{TlsSettings.Section}:{nameof(settings.CertificateFile)} is \"{settings.CertificateFile}\", {fault}");
        }

        return member;
    }

    /// <summary>How the other side's certificate is judged: by this authority alone, whatever the machine trusts.</summary>
    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = _settings.CheckRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    /// <param name="other">The other side's.</param>
    /// <param name="errors">What is wrong with it by <see cref="Policy"/>, and by its name for the address.</param>
    public bool Accepts(X509Certificate2 other, SslPolicyErrors errors) =>
        (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && HasName(other);

    public void Dispose() => Certificate.Dispose();

    private bool HasName(X509Certificate2 other) =>
        _settings.MemberName is not { Length: > 0 } name || other.MatchesHostname(name, allowWildcards: false, allowCommonName: false);

    private string? Fault(DateTimeOffset now)
    {
        if (now > Certificate.NotAfter || now < Certificate.NotBefore)
        {
            return $"which is good from {Certificate.NotBefore:u} to {Certificate.NotAfter:u}: now it is {now:u}.";
        }

        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(_between);
        // Each member calls others, and is called by them.
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (!chain.Build(Certificate))
        {
            return $"which no other member would accept, by the authority in \"{_settings.AuthorityFile}\": "
                + string.Join(' ', chain.ChainStatus.Select(status => $"{status.Status}: {status.StatusInformation}".Trim()));
        }

        return HasName(Certificate)
            ? null
            : $"which does not carry the DNS name of {TlsSettings.Section}:{nameof(TlsSettings.MemberName)}, \"{_settings.MemberName}\".";
    }

    private static X509Certificate2Collection Parse(string pem, string setting, string path)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException exception)
        {
            throw new CertificateException($"{TlsSettings.Section}:{setting} is \"{path}\", which has a broken certificate: {exception.Message}", exception);
        }

        return certificates.Count > 0
            ? certificates
            : throw new CertificateException($"{TlsSettings.Section}:{setting} is \"{path}\", which has no certificate in PEM.");
    }
}
