using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// What the account's role has set for its sessions (<c>ALTER ROLE … SET</c>), as one text. A session takes it up when it begins and never
/// again, so where a script has changed it those that are open are of another kind than those to come.
/// </summary>
internal static class RoleSettings
{
    private const string Question = """
        SELECT coalesce(string_agg(s.setdatabase::text || ' ' || s.setrole::text || ' ' || s.setconfig::text, chr(10) ORDER BY s.setdatabase, s.setrole), '')
          FROM pg_db_role_setting s
         WHERE s.setdatabase = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            OR (s.setdatabase = '0' AND s.setrole = to_regrole(quote_ident($1)))
        """;

    public static async Task<string> ReadAsync(NpgsqlConnection service, string role, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Question, service);
        command.Parameters.Add(new() { Value = role });
        return (string)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
