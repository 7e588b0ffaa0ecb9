using System.Net;
using Microsoft.Extensions.Logging;

namespace Kataven.Membership;

internal sealed partial class MembershipNotice
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "With Kataven:Cluster:FailureDetection as it is, the accounts of a silo that is killed are served again after up to {Killed:0.0} s, and of one that freezes after up to {Frozen:0.0} s: longer than the 2 s and 5 s that are promised. ProbeTimeout and MissedProbes decide it.")]
    private partial void LogSlowTakeover(double killed, double frozen);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ports of this member of the cluster are open at {Address}, without certificates: whoever reaches them reaches every account. Set Kataven:Cluster:Tls, or keep everybody else out of this network.")]
    private partial void LogOpenPorts(IPAddress address);
}
