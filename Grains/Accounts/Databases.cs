using Kataven.Errors;

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
}
