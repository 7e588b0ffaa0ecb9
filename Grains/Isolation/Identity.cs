namespace Kataven.Grains.Isolation;

/// <summary>What a lane finds about the database that it is in, before it serves.</summary>
/// <param name="Database"><c>current_database()</c></param>
/// <param name="Role"><c>session_user</c></param>
/// <param name="AccountUid">The stamp, or null where there is none.</param>
/// <param name="IsolationVersion">The version of the scripts that closed the database.</param>
/// <param name="ServerMajor">The server's major version then: an upgrade of the server takes the catalogs' privileges away.</param>
internal sealed record Identity(string Database, string Role, Guid? AccountUid, int IsolationVersion, int ServerMajor)
{
    /// <summary>The question, as the account's own role asks it. Nothing in it can be shadowed by what the account has made.</summary>
    public const string Question =
        "SELECT pg_catalog.current_database(), session_user, i.account_uid, i.isolation_version, i.server_major FROM _kataven.identity i";
}
