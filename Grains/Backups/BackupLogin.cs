using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>Who dumps a database. Its text never shows the password.</summary>
/// <param name="Settings">The login.</param>
/// <param name="IsAccounts">
/// True where it is the account's own role, because the server gives no superuser: that database is not closed either, so that the
/// role may read the catalogs, but rows that the account hides from itself make the dump fail.
/// </param>
internal sealed record BackupLogin(NpgsqlConnectionStringBuilder Settings, bool IsAccounts)
{
    public override string ToString() => Settings.Username ?? "";
}
