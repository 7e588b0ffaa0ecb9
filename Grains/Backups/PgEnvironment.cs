using System.Globalization;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>A connection as libpq's environment variables: a command line is everybody's to read.</summary>
internal static class PgEnvironment
{
    /// <summary>Where Debian, and what is built on it, keeps the authorities that a verified server's certificate may be of.</summary>
    private const string Authorities = "/etc/ssl/certs/ca-certificates.crt";

    /// <param name="login">As Npgsql has it.</param>
    /// <param name="options">Settings of the session, which beat those of the login.</param>
    public static Dictionary<string, string> Of(NpgsqlConnectionStringBuilder login, string options)
    {
        var hosts = (login.Host ?? "").Split(',').Select(host => Split(host.Trim(), login.Port)).ToList();
        var variables = new Dictionary<string, string>
        {
            ["PGHOST"] = string.Join(',', hosts.Select(host => host.Name)),
            ["PGPORT"] = string.Join(',', hosts.Select(host => host.Port)),
            ["PGDATABASE"] = login.Database ?? "",
            ["PGUSER"] = login.Username ?? "",
            ["PGPASSWORD"] = login.Password ?? "",
            ["PGSSLMODE"] = ModeOf(login.SslMode),
            ["PGGSSENCMODE"] = "disable",
            ["PGCONNECT_TIMEOUT"] = "15",
            ["PGAPPNAME"] = "kataven-backup",
            ["PGCLIENTENCODING"] = "UTF8",
            ["PGOPTIONS"] = $"{login.Options} {options}".TrimStart(),
            // Files of whoever runs the service say nothing of an account's login.
            ["PGPASSFILE"] = "/dev/null",
            ["PGSYSCONFDIR"] = "/nonexistent",
            ["HOME"] = "/nonexistent",
        };
        Add(variables, "PGSSLCERT", login.SslCertificate);
        Add(variables, "PGSSLKEY", login.SslKey);
        Add(variables, "PGSSLROOTCERT", login.RootCertificate ?? (login.SslMode is SslMode.VerifyCA or SslMode.VerifyFull ? Authorities : null));
        return variables;
    }

    private static (string Name, string Port) Split(string host, int port)
    {
        var colon = host.LastIndexOf(':');
        return !host.StartsWith('/') && colon > 0 && host.IndexOf(':', StringComparison.Ordinal) == colon
            ? (host[..colon], host[(colon + 1)..])
            : (host, port.ToString(CultureInfo.InvariantCulture));
    }

    private static string ModeOf(SslMode mode) => mode switch
    {
        SslMode.VerifyCA => "verify-ca",
        SslMode.VerifyFull => "verify-full",
        _ => mode.ToString().ToLowerInvariant(),
    };

    private static void Add(Dictionary<string, string> variables, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            variables[name] = value;
        }
    }
}
