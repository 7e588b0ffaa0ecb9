using Kataven.Errors;
using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// How the service's programs log in as an account's own role. An account may change its password, and what its sessions begin with:
/// neither keeps a backup or a restore from being made, nor changes what comes of it.
/// </summary>
internal sealed class RoleLogin(SystemDatabase system, AccountRole role, AccountDatabase database)
{
    /// <summary>
    /// In the start-up packet, where it beats what the role has set for itself, and what <c>RESET</c> goes back to. What each kind of session
    /// needs otherwise comes behind it, and beats it. A library that is not there fails every login that is to load it.
    /// </summary>
    public const string Settings =
        "-c local_preload_libraries= -c role=none -c client_encoding=UTF8 -c standard_conforming_strings=on -c TimeZone=UTC -c DateStyle=ISO " +
        "-c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c client_min_messages=warning -c check_function_bodies=on " +
        "-c default_transaction_read_only=off -c default_transaction_isolation=read\\ committed -c default_transaction_deferrable=off " +
        "-c default_tablespace= -c default_table_access_method=heap -c row_security=on -c transform_null_equals=off -c quote_all_identifiers=off " +
        "-c array_nulls=on -c lock_timeout=0 -c idle_session_timeout=0";

    /// <summary>An older server refuses the whole session for it.</summary>
    private const string SinceSeventeen = " -c transaction_timeout=0";

    /// <summary>A login that the server has just admitted. Where it did not, the password and the rights are put back, as for a lane.</summary>
    /// <param name="name">The account's database, or one that is to become it.</param>
    /// <param name="owner">The account's role.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="PostgresException">The server refuses the role all the same.</exception>
    public async Task<NpgsqlConnectionStringBuilder> ProveAsync(string name, Credential owner, CancellationToken cancellation)
    {
        var login = system.ForRole(name, owner.Role, owner.Password);
        login.Options = (await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false)).Major >= 17 ? Settings + SinceSeventeen : Settings;
        try
        {
            await TryAsync(login, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState != PostgresErrorCodes.InvalidCatalogName && !SqlStates.IsUnavailable(exception.SqlState))
        {
            await role.EnsureAsync(owner, cancellation).ConfigureAwait(false);
            await database.EnsureGrantsAsync(name, owner, cancellation).ConfigureAwait(false);
            await TryAsync(login, cancellation).ConfigureAwait(false);
        }

        return login;
    }

    private static async Task TryAsync(NpgsqlConnectionStringBuilder login, CancellationToken cancellation)
    {
        await using var connection = await SystemDatabase.OpenAloneAsync(login, cancellation).ConfigureAwait(false);
    }
}
