using System.Collections.Immutable;
using System.Globalization;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Isolation;
using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>Looks whether one account is closed off: its role and its database's rights from outside, the rest from inside.</summary>
internal sealed class AccountAudit(SystemDatabase system)
{
    /// <param name="id">The account.</param>
    /// <param name="expected">Its role and its own id, or null before it was given one.</param>
    /// <param name="password">How its password is kept, or null before it was given one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Null where there is no such database.</returns>
    public async Task<AccountIsolationReport?> ReportAsync(
        AccountId id, ExpectedIdentity? expected, PasswordState? password, CancellationToken cancellation)
    {
        var outside = await OutsideAsync(id, expected?.Role ?? "", cancellation).ConfigureAwait(false);
        if (outside.Count == 0)
        {
            return null;
        }

        var powers = await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false);
        await using var inside = await system.OpenInAsync(id, cancellation).ConfigureAwait(false);
        var stamp = (await DatabaseStamp.ReadAsync(inside, cancellation).ConfigureAwait(false)).Found;
        ImmutableArray<IsolationFinding> findings =
        [
            .. outside,
            OfPassword(password),
            Finding(
                "stamp",
                expected is not null && stamp?.AccountUid == expected.AccountUid,
                stamp is null ? "The database has a stamp." : "The stamp in the database is the account's."),
            Finding(
                "isolation_version",
                stamp?.IsolationVersion == IsolationScripts.Version && stamp.ServerMajor == powers.Major,
                $"Closed by version {stamp?.IsolationVersion.ToString(CultureInfo.InvariantCulture) ?? "none"}, now {IsolationScripts.Version}; on server {stamp?.ServerMajor}, now {powers.Major}."),
            .. await InsideAsync(inside, expected?.Role ?? "", cancellation).ConfigureAwait(false),
        ];
        return new AccountIsolationReport(id, expected?.Role, stamp?.IsolationVersion, findings);
    }

    private async Task<List<IsolationFinding>> OutsideAsync(AccountId id, string role, CancellationToken cancellation)
    {
        await using var command = system.Command(IsolationScripts.AuditOutside);
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = role });
        command.Parameters.Add(new() { Value = RoleSetting.All.Where(setting => setting.Holds).Select(setting => $"{setting.Name}={setting.Value}").ToArray() });
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    private async Task<List<IsolationFinding>> InsideAsync(NpgsqlConnection inside, string role, CancellationToken cancellation)
    {
        var (roles, users) = await ViewsAsync(cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(IsolationScripts.AuditInside, inside);
        command.Parameters.Add(new() { Value = role });
        command.Parameters.Add(new() { Value = IsolationScripts.GuardStart });
        command.Parameters.Add(new() { Value = IsolationScripts.GuardEnd });
        command.Parameters.Add(new() { Value = AllowedExtension.All });
        command.Parameters.Add(new() { Value = roles });
        command.Parameters.Add(new() { Value = users });
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asked in the system database: nothing of an account's has a say there.</summary>
    private async Task<(string Roles, string Users)> ViewsAsync(CancellationToken cancellation)
    {
        await using var command = system.Command(IsolationScripts.CatalogViews);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return (reader.GetString(0), reader.GetString(1));
    }

    private static async Task<List<IsolationFinding>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var findings = new List<IsolationFinding>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            findings.Add(Finding(reader.GetString(0), reader.GetBoolean(1), reader.GetString(2)));
        }

        return findings;
    }

    private static IsolationFinding OfPassword(PasswordState? state) => state switch
    {
        PasswordState.Current => new("password", true, "The password is kept as new ones are."),
        PasswordState.Former => new("password", false, "The password is encrypted with one of Kataven:Secrets:FormerKeys: rotate or repair it."),
        PasswordState.Clear => new("password", false, "The password is not encrypted, although there is a key: rotate or repair it."),
        PasswordState.Unreadable => new("password", false, SecretKeyException.ForOperators),
        _ => new("password", false, "The account has no role yet."),
    };

    private static IsolationFinding Finding(string name, bool ok, string detail) => new(name, ok, ok ? detail : $"Not so: {detail}");
}
