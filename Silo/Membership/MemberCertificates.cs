using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Membership;

/// <summary>
/// The certificate of the moment. The files are read at each new connection, which is seldom, and they are small: so a change is
/// seen however it was made (a link that now leads elsewhere, a date that did not change), and no watcher can miss it.
/// </summary>
internal sealed partial class MemberCertificates(IOptions<TlsSettings> settings, TimeProvider time, ILogger<MemberCertificates> logger)
{
    private readonly Lock _lock = new();
    private CertificateFiles? _seen;
    private string? _fault;
    private MemberCertificate? _current;

    /// <summary>What is in the files, or where that cannot be used, what was there before.</summary>
    /// <exception cref="CertificateException">There never was one that could be used.</exception>
    public MemberCertificate Current
    {
        get
        {
            lock (_lock)
            {
                try
                {
                    var files = CertificateFiles.Read(settings.Value);
                    if (_current is null || files != _seen)
                    {
                        Use(files);
                    }
                }
                catch (CertificateException exception) when (_current is not null)
                {
                    Tell(exception.Message);
                }

                return _current!;
            }
        }
    }

    private void Use(CertificateFiles files)
    {
        // Not disposed of: handshakes that began with the former one may still read it.
        _current = MemberCertificate.Of(files, settings.Value, time.GetUtcNow());
        (_seen, _fault) = (files, null);
        LogInUse(_current.Certificate.Subject, _current.Certificate.SerialNumber, _current.Certificate.NotAfter);
    }

    /// <summary>Once, and not at each connection.</summary>
    private void Tell(string fault)
    {
        if (fault != _fault)
        {
            _fault = fault;
            LogKept(fault);
        }
    }
}
