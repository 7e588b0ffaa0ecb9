using Microsoft.Extensions.Logging;

namespace Kataven.Membership;

internal sealed partial class MemberCertificates
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Connections between members use the certificate {Subject} with the serial number {Serial}, which is good until {Until:u}.")]
    private partial void LogInUse(string subject, string serial, DateTime until);

    [LoggerMessage(Level = LogLevel.Error, Message = "The certificate for connections between members was replaced by one that cannot be used, and stays what it was: {Fault}")]
    private partial void LogKept(string fault);
}
