using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kataven.Testing;

/// <summary>Signs the certificates of a test's processes, in a folder that is removed with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;

    public TestAuthority()
    {
        Folder = Directory.CreateTempSubdirectory("kataven-tls-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        _authority = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
        AuthorityFile = Write("authority.pem", _authority.ExportCertificatePem());
    }

    public string Folder { get; }

    public string AuthorityFile { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Writes <c>NAME.pem</c> and <c>NAME.key</c>, over those that are there.</summary>
    /// <returns>Both files' paths, and the serial number.</returns>
    public (string Certificate, string Key, string Serial) Sign(
        string name, string? dnsName = null, DateTimeOffset? until = null, bool isServer = true, bool isClient = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var uses = new OidCollection();
        foreach (var (isUsed, use) in new[] { (isServer, ServerAuthentication), (isClient, ClientAuthentication) })
        {
            if (isUsed)
            {
                uses.Add(new Oid(use));
            }
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(uses, critical: false));
        if (dnsName is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(dnsName);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(_authority, Now.AddDays(-1), until ?? Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()), certificate.SerialNumber);
    }

    /// <summary>The environment variables of a process with that certificate.</summary>
    public Dictionary<string, string> Settings(string name)
    {
        var (certificate, key, _) = Sign(name);
        return new Dictionary<string, string>
        {
            ["Kataven__Cluster__Tls__CertificateFile"] = certificate,
            ["Kataven__Cluster__Tls__KeyFile"] = key,
            ["Kataven__Cluster__Tls__AuthorityFile"] = AuthorityFile,
        };
    }

    public string Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
