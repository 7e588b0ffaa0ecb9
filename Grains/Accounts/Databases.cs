using System.Net.Sockets;
using Kataven.Errors;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>Refusals that several places give when PostgreSQL cannot be used.</summary>
internal static class Databases
{
    /// <summary>Nothing ran: it can be sent again.</summary>
    public static Refusal Unavailable(string detail) => new()
    {
        Code = ErrorCode.DatabaseUnavailable,
        Detail = detail,
        DidNotRun = true,
    };

    /// <summary>Whether a connection could not be opened because the server takes none at all: it is not there, starts, or shuts down.</summary>
    public static bool IsServerAway(Exception exception) => exception is PostgresException refused
        ? refused.SqlState == PostgresErrorCodes.CannotConnectNow
        : exception is NpgsqlException { InnerException: SocketException or IOException };
}
