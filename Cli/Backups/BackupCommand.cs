using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Operations;

namespace Kataven.Cli.Backups;

/// <summary><c>kataven backup</c>.</summary>
internal static class BackupCommand
{
    public static Command Create(CliHost host) =>
        new CliCommand("backup", "Backups: make, list, fetch, verify, delete, schedule.", "kataven backup create acme --wait")
        {
            CreateBackup(host),
            List(host),
            BackupGetCommand.Create(host),
            Verify(host),
            BackupDeleteCommand.Create(host),
            BackupScheduleCommand.Create(host),
        };

    private static CliCommand CreateBackup(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var call = new OperationCall(host);
        var command = new CliCommand("create", "Make a backup.", "kataven backup create acme --wait") { account, call.Wait };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            return await call.SendAsync(
                parsed, client, HttpMethod.Post, $"/accounts/{parsed.GetRequiredValue(account)}/backups", null, cancellationToken);
        });
        return command;
    }

    private static CliCommand List(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var command = new CliCommand(
            "list", "List an account's backups, also a deleted one's while they are kept.", "kataven backup list acme --output csv") { account };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            host.Writer(parsed).WriteList(
                await client.AdminTextAsync(HttpMethod.Get, $"/accounts/{parsed.GetRequiredValue(account)}/backups", null, cancellationToken),
                "backups");
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand Verify(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var backup = IdArgument.Create("BACKUP", "The backup");
        var call = new OperationCall(host);
        var command = new CliCommand(
            "verify", "Restore a backup into a scratch database, compare, and remove that again.", "kataven backup verify acme 20260102T030405Z-7f3c --wait")
        {
            account,
            backup,
            call.Wait,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = host.Connect(parsed);
            var path = $"/accounts/{parsed.GetRequiredValue(account)}/backups/{parsed.GetRequiredValue(backup)}/verification";
            return await call.SendAsync(parsed, client, HttpMethod.Post, path, null, cancellationToken);
        });
        return command;
    }
}
