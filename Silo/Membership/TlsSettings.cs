namespace Kataven.Membership;

/// <summary>
/// The certificates by which members of the cluster, and front doors that are clients of it, know each other. Off where none of
/// the three files is named.
/// </summary>
internal sealed class TlsSettings
{
    public const string Section = "Kataven:Cluster:Tls";

    /// <summary>This process's certificate in PEM, and behind it those between it and the authority.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Its key in PEM, not encrypted.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The authority, in PEM; several while one is replaced by another. Whoever has a certificate of it is a member.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>
    /// A DNS name that the certificate of every member has to carry, for an authority that signs others' too. Addresses are not
    /// looked at: members come and go at any, and each of them may do all that any other may.
    /// </summary>
    public string? MemberName { get; set; }

    /// <summary>Whether the authority is asked, by the address in a certificate, if that was revoked. Where it does not answer nobody joins.</summary>
    public bool CheckRevocation { get; set; }

    public bool IsOn => CertificateFile is { Length: > 0 } || KeyFile is { Length: > 0 } || AuthorityFile is { Length: > 0 };
}
