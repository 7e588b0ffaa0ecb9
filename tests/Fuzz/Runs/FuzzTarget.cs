using System.Net;

namespace Kataven.Fuzz.Runs;

/// <summary>A service that runs, and the server behind it.</summary>
/// <param name="Address">Of its front door, on loopback.</param>
/// <param name="ConnectionString">Of a superuser.</param>
/// <param name="ProcessId">Of the service, for its memory.</param>
internal sealed record FuzzTarget(Uri Address, string ConnectionString, int ProcessId)
{
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    /// <summary>Resident memory of the service in bytes.</summary>
    public long ResidentBytes() => System.Diagnostics.Process.GetProcessById(ProcessId).WorkingSet64;
}
