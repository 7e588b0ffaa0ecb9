using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kataven.Membership;
using Kataven.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tests.Membership;

public sealed class TlsSettingsTests : IDisposable
{
    private const string Section = "Kataven:Cluster:Tls";

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _another = new();

    public void Dispose()
    {
        _authority.Dispose();
        _another.Dispose();
    }

    [Fact]
    public void A_certificate_of_the_authority_is_taken()
    {
        Assert.Null(Fault(Settings()));
        Assert.Null(Fault(Settings(name: "members.internal", memberName: "members.internal")));
        Assert.Null(Fault(new TlsSettings()));
    }

    [Fact]
    public void A_file_that_is_missing_stops_the_start()
    {
        var settings = Settings();
        settings.KeyFile = null;
        Assert.StartsWith($"{Section}:KeyFile is not set.", Fault(settings), StringComparison.Ordinal);

        settings.KeyFile = Path.Combine(_authority.Folder, "nowhere.key");
        Assert.StartsWith($"{Section}:KeyFile is \"{settings.KeyFile}\", which cannot be read", Fault(settings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_certificates_stops_the_start() =>
        Assert.StartsWith($"{Section} has no CertificateFile", Fault(new TlsSettings { MemberName = "members.internal" }), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_certificate_stops_the_start()
    {
        var settings = Settings();
        settings.AuthorityFile = _authority.Write("empty.pem", "nothing\n");

        Assert.Equal($"{Section}:AuthorityFile is \"{settings.AuthorityFile}\", which has no certificate in PEM.", Fault(settings));
    }

    [Fact]
    public void A_key_of_another_certificate_stops_the_start_and_is_not_shown()
    {
        var settings = Settings();
        settings.KeyFile = _authority.Sign("other").Key;

        var fault = Fault(settings);

        Assert.StartsWith($"{Section}:KeyFile is \"{settings.KeyFile}\", which is no key", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_nobody_would_accept_stops_the_start()
    {
        Assert.Contains("which no other member would accept", Fault(Settings(authority: _another.AuthorityFile)), StringComparison.Ordinal);
        Assert.Contains("which no other member would accept", Fault(Settings(isClient: false)), StringComparison.Ordinal);
        Assert.Contains("which no other member would accept", Fault(Settings(isServer: false)), StringComparison.Ordinal);
        Assert.Contains("which is good from", Fault(Settings(until: TimeProvider.System.GetUtcNow().AddMinutes(-1))), StringComparison.Ordinal);
        Assert.Contains("does not carry the DNS name", Fault(Settings(name: "other.internal", memberName: "members.internal")), StringComparison.Ordinal);
        Assert.Contains("does not carry the DNS name", Fault(Settings(name: "*.internal", memberName: "members.internal")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("members.internal", SslPolicyErrors.None, true)]
    [InlineData("members.internal", SslPolicyErrors.RemoteCertificateNameMismatch, true)]
    [InlineData("members.internal", SslPolicyErrors.RemoteCertificateChainErrors, false)]
    [InlineData("other.internal", SslPolicyErrors.None, false)]
    [InlineData(null, SslPolicyErrors.None, false)]
    public void Another_member_is_known_by_its_authority_and_by_the_members_name_and_not_by_its_address(string? name, SslPolicyErrors errors, bool isMember)
    {
        using var own = MemberCertificate.Of(
            CertificateFiles.Read(Settings("members.internal")), Settings("members.internal", "members.internal"), TimeProvider.System.GetUtcNow());
        var (file, _, _) = _authority.Sign("other", name);
        using var other = X509Certificate2.CreateFromPem(File.ReadAllText(file));

        Assert.Equal(isMember, own.Accepts(other, errors));
    }

    [Fact]
    public void A_new_certificate_is_used_and_a_broken_one_is_not()
    {
        var settings = Settings();
        var certificates = new MemberCertificates(Options.Create(settings), TimeProvider.System, NullLogger<MemberCertificates>.Instance);
        var first = certificates.Current.Certificate.SerialNumber;
        Assert.Same(certificates.Current, certificates.Current);

        var second = _authority.Sign("member").Serial;
        Assert.NotEqual(first, second);
        Assert.Equal(second, certificates.Current.Certificate.SerialNumber);

        File.WriteAllText(settings.CertificateFile!, "half of a");
        Assert.Equal(second, certificates.Current.Certificate.SerialNumber);
        File.Delete(settings.KeyFile!);
        Assert.Equal(second, certificates.Current.Certificate.SerialNumber);

        var third = _authority.Sign("member").Serial;
        Assert.Equal(third, certificates.Current.Certificate.SerialNumber);
    }

    /// <summary>As a mounted secret is replaced: the file's own name and its link's date stay what they were.</summary>
    [Fact]
    public void A_folder_that_is_replaced_by_its_link_is_seen()
    {
        var settings = Settings();
        foreach (var version in new[] { "1", "2" })
        {
            Directory.CreateDirectory(Path.Combine(_authority.Folder, version));
        }

        var serials = new[] { "1/member", "2/member" }.Select(name => _authority.Sign(name).Serial).ToArray();
        var link = Path.Combine(_authority.Folder, "now");
        Directory.CreateSymbolicLink(link, "1");
        (settings.CertificateFile, settings.KeyFile) = (Path.Combine(link, "member.pem"), Path.Combine(link, "member.key"));
        var certificates = new MemberCertificates(Options.Create(settings), TimeProvider.System, NullLogger<MemberCertificates>.Instance);
        Assert.Equal(serials[0], certificates.Current.Certificate.SerialNumber);

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, "2");

        Assert.Equal(serials[1], certificates.Current.Certificate.SerialNumber);
    }

    private TlsSettings Settings(
        string? name = null, string? memberName = null, DateTimeOffset? until = null, bool isServer = true, bool isClient = true, string? authority = null)
    {
        var (certificate, key, _) = _authority.Sign("member", name, until, isServer, isClient);
        return new TlsSettings
        {
            CertificateFile = certificate,
            KeyFile = key,
            AuthorityFile = authority ?? _authority.AuthorityFile,
            MemberName = memberName,
        };
    }

    private static string? Fault(TlsSettings settings) => new TlsSettingsValidator(TimeProvider.System).Validate(null, settings).FailureMessage;
}
