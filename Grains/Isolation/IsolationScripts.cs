using System.Reflection;
using System.Text.RegularExpressions;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>
/// The scripts that close a database. Each is idempotent and runs whole or not at all. They call no code of the account's:
/// their connection looks names up in <c>pg_catalog</c> alone.
/// </summary>
internal static partial class IsolationScripts
{
    /// <summary>
    /// Raised with each change of what the scripts or the role's settings do, so that a database that was made by an older
    /// version is brought up to date when it is opened next.
    /// </summary>
    public const int Version = 6;

    /// <summary>Needs no superuser.</summary>
    public static readonly string Identity = Read("identity.sql");

    /// <summary>Catalog privileges; needs a superuser.</summary>
    public static readonly string Harden = Read("harden.sql");

    /// <summary>Event triggers; needs a superuser, and <see cref="Identity"/> before it.</summary>
    public static readonly string Guard = Read("guard.sql");

    /// <summary>The bodies of the guard's two functions, in the order in which its script makes them.</summary>
    public static readonly string GuardEnd = Guard.Split("$f$")[1];

    /// <inheritdoc cref="GuardEnd"/>
    public static readonly string GuardStart = Guard.Split("$f$")[3];

    /// <summary>A row for each object that has no place where the service's own sessions would run it.</summary>
    public static readonly string Planted = Read("planted.sql");

    /// <summary>Statements after which what somebody added to an extension can be handed over.</summary>
    public static readonly string Detach = Read("detach.sql");

    /// <summary>What of a superuser's an account may not reach, and what is granted on it.</summary>
    public static readonly string ForeignRights = Read("foreign-rights.sql");

    /// <summary>The texts of the views of roles, as this server writes them.</summary>
    public static readonly string CatalogViews = Read("catalog-views.sql");

    /// <summary>Lets the role that dumps read what it needs, in a database that was closed before there was one; needs a superuser.</summary>
    public static readonly string OpenToBackup = Read("open-to-backup.sql");

    public static readonly string AuditOutside = Read("audit-outside.sql");

    public static readonly string AuditInside = Read("audit-inside.sql");

    public static Task RunAsync(NpgsqlConnection connection, string script, CancellationToken cancellation) => CatalogRace.OutlastAsync(
        async () =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(script, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    private static string Read(string name)
    {
        using var stream = typeof(IsolationScripts).Assembly.GetManifestResourceStream($"Kataven.Grains.Isolation.Scripts.{name}")
            ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return Inclusion().Replace(reader.ReadToEnd(), found => Read(found.Groups[1].Value))
            .Replace("/* extensions */", string.Join(',', AllowedExtension.All.Select(extension => $"'{extension}'")), StringComparison.Ordinal)
            .Replace("/* role name */", $"'{RoleName.Pattern}'", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/\* ([a-z-]+\.sql) \*/")]
    private static partial Regex Inclusion();
}
