using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>An account's credential as it stands in the system database. Its text never shows the password.</summary>
/// <param name="Identity">Whose database it has to meet.</param>
/// <param name="Password">As it is stored: encrypted, where there is a key.</param>
internal sealed record StoredCredential(ExpectedIdentity Identity, string Password)
{
    /// <summary>Its columns, and the account's slug behind them.</summary>
    public const string Query = """
        SELECT c.role_name, c.password, a.account_uid, a.isolation_version IS NOT NULL, c.account_id
          FROM kataven.credentials c JOIN public.accounts a USING (account_id)
        """;

    public static StoredCredential Of(NpgsqlDataReader reader) =>
        new(new ExpectedIdentity(reader.GetString(0), reader.GetGuid(2), reader.GetBoolean(3)), reader.GetString(1));

    public override string ToString() => Identity.Role;
}
