using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Operations;

/// <summary>
/// A fleet with short times: requests wait little for an account that is held, what runs is given little time, nothing replaced is
/// kept, every clone is a dump, and accounts are migrated when they are first used.
/// </summary>
public sealed class HastyService : FleetService
{
    protected override string[] Arguments =>
    [
        .. base.Arguments,
        "--Kataven:Tenants:HeldRequestTimeout=00:00:02.5",
        "--Kataven:Tenants:HoldDrainTimeout=00:00:00.3",
        "--Kataven:Backups:KeepReplaced=00:00:00",
        "--Kataven:Backups:CloneByCopyUpTo=0",
        "--Kataven:Migrations:AtFirstUse=true",
        "--Kataven:Migrations:StatementTimeout=00:00:30",
    ];

    /// <summary>Takes the account's database back to version 2. The system database is not told.</summary>
    public Task SetBackAsync(string account) => this.RunAsync(account, """
        DROP TABLE half_done;
        ALTER TABLE item DROP CONSTRAINT item_id_positive, DROP COLUMN price;
        DELETE FROM _kataven.migration WHERE version > 2
        """);

    /// <summary>Tells the system database that the account is at version 2, too.</summary>
    public Task TellAsync(string account) =>
        this.RunAsync("system", $"UPDATE kataven.account_state SET schema_version = 2 WHERE account_id = '{account}'");
}
