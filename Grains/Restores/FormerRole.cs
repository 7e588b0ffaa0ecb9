using System.Text.RegularExpressions;
using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Restores;

/// <summary>
/// The role whose database was dumped or copied, where another one gets it: policies name roles, and an extension's owner cannot be changed
/// alone. So that policies are restored at all, a role of that name has to be there; afterwards they name the new one.
/// </summary>
internal sealed partial class FormerRole(SystemDatabase system)
{
    private const string Policies = """
        SELECT format('ALTER POLICY %I ON %I.%I TO %s', p.polname, n.nspname, c.relname,
                      (SELECT string_agg(CASE WHEN o = '0' THEN 'PUBLIC' WHEN o = r.oid THEN quote_ident($2) ELSE quote_ident(pg_get_userbyid(o)) END, ', ')
                         FROM unnest(p.polroles) o))
          FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $1
         WHERE r.oid = ANY (p.polroles)
        """;

    /// <summary>
    /// What a copy leaves with the former role: its extensions, which would go with it when its own account is deleted. Databases would be
    /// handed over too, wherever they are, so that a role that owns one hands over nothing.
    /// </summary>
    private const string Owned = """
        SELECT format('REASSIGN OWNED BY %I TO %I', r.rolname, $2)
          FROM pg_roles r
         WHERE r.rolname = $1 AND r.rolname <> $2
           AND EXISTS (SELECT FROM pg_shdepend d JOIN pg_database o ON o.oid = d.dbid
                        WHERE o.datname = current_database() AND d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o')
           AND NOT EXISTS (SELECT FROM pg_shdepend d WHERE d.dbid = '0' AND d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid AND d.deptype = 'o')
        """;

    /// <summary>Makes a stand-in that nobody can log in with, where the role is gone.</summary>
    public async Task EnsureAsync(string role, CancellationToken cancellation)
    {
        if (Opaque().IsMatch(role))
        {
            await system.ExecuteAsync(
                $"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {Sql.Literal(role)}) THEN CREATE ROLE {Sql.Name(role)} NOLOGIN; END IF; END $$",
                cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a database's new owner what its former one still has in it, and has the policies name it.</summary>
    public async Task ReplaceAsync(string database, string role, string owner, CancellationToken cancellation)
    {
        await using var inside = await system.OpenInAsync(database, cancellation).ConfigureAwait(false);
        foreach (var statements in (string[])[Owned, Policies])
        {
            await using var command = new NpgsqlCommand(statements, inside);
            command.Parameters.Add(new() { Value = role });
            command.Parameters.Add(new() { Value = owner });
            await StatementList.RunAsync(command, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the stand-in, unless another restore needs it still.</summary>
    public async Task RemoveAsync(string role, CancellationToken cancellation)
    {
        if (!Opaque().IsMatch(role) || await system.NamesAsync(
            """
            SELECT r.rolname::text FROM pg_roles r
             WHERE r.rolname = $1 AND NOT r.rolcanlogin AND NOT EXISTS (SELECT FROM public.accounts a WHERE a.role_name = r.rolname)
            """,
            [role],
            cancellation).ConfigureAwait(false) is not [_])
        {
            return;
        }

        try
        {
            await system.ExecuteAsync($"DROP ROLE {Sql.Name(role)}", cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.DependentObjectsStillExist or PostgresErrorCodes.UndefinedObject)
        {
            // The other one removes it.
        }
    }

    [GeneratedRegex("^t_[0-9a-f]{20}$", RegexOptions.CultureInvariant)]
    private static partial Regex Opaque();
}
