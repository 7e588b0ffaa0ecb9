using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;

namespace Kataven.Cli.Backups;

/// <summary><c>kataven backup delete</c>: asks first.</summary>
internal static class BackupDeleteCommand
{
    public static Command Create(CliHost host)
    {
        var account = AccountArgument.Create("SLUG");
        var backup = IdArgument.Create("BACKUP", "The backup");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var command = new CliCommand("delete", "Delete a backup.", "kataven backup delete acme 20260102T030405Z-7f3c --yes")
        {
            account,
            backup,
            yes,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (slug, id) = (parsed.GetRequiredValue(account), parsed.GetRequiredValue(backup));
            using var client = host.Connect(parsed);
            if (!parsed.GetValue(yes))
                await Confirmation.AskAsync(host.Console, slug, $"This deletes the backup {id} of {slug}", "nothing was deleted", cancellationToken);

            var answer = await client.AdminTextAsync(HttpMethod.Delete, $"/accounts/{slug}/backups/{id}", null, cancellationToken);
            host.Writer(parsed).WriteOneOrDone(answer, $"{id}: deleted");
            return ExitCode.Ok;
        });
        return command;
    }
}
