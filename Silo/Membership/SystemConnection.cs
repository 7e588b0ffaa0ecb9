using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Membership;

/// <summary>The connection string that everything starts from.</summary>
internal sealed class SystemConnection : IValidateOptions<SystemConnection>
{
    public const string Section = "ConnectionStrings";

    /// <summary>Names the PostgreSQL server and a role that may create databases and roles.</summary>
    public string? System { get; set; }

    public ValidateOptionsResult Validate(string? name, SystemConnection options) => Fault(options.System) is { } fault
        ? ValidateOptionsResult.Fail($"ConnectionStrings:System (environment: ConnectionStrings__System) {fault}")
        : ValidateOptionsResult.Success;

    private static string? Fault(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "is not set. It names the PostgreSQL server and a role that may create databases and roles.";
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host) ? "has no Host." : null;
        }
        catch (ArgumentException)
        {
            // What is wrong with it is not repeated: it has a password.
            return "is no connection string: Host=...;Username=...;Password=... is meant.";
        }
    }
}
