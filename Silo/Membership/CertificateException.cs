namespace Kataven.Membership;

/// <summary>A certificate cannot be used; the message names the setting and what is wrong.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
