using System.CommandLine;
using Kataven.Cli.Arguments;
using Kataven.Cli.Help;
using Kataven.Cli.Http;

namespace Kataven.Cli.Backups;

/// <summary><c>kataven backup get</c>: a backup's content, or on a terminal what there is to know of it.</summary>
internal sealed class BackupGetCommand
{
    private readonly CliHost _host;
    private readonly Argument<string> _account = AccountArgument.Create("SLUG");
    private readonly Argument<string> _backup = IdArgument.Create("BACKUP", "The backup");
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Write its content to this file", HelpName = "PATH" };

    private BackupGetCommand(CliHost host) => _host = host;

    public static Command Create(CliHost host)
    {
        var get = new BackupGetCommand(host);
        var command = new CliCommand(
            "get",
            "Write a backup's content (for pg_restore) to a file or a pipe, or on a terminal show the backup.",
            "kataven backup get acme 20260102T030405Z-7f3c --file acme.dump")
        {
            get._account,
            get._backup,
            get._file,
        };
        command.SetAction(get.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = $"/accounts/{parsed.GetRequiredValue(_account)}/backups/{parsed.GetRequiredValue(_backup)}";
        await using var file = parsed.GetValue(_file) is { } name ? WholeFile.Begin(name) : null;
        using var client = _host.Connect(parsed);
        var answer = await client.AdminTextAsync(HttpMethod.Get, path, null, cancellationToken);
        if (file is not null)
        {
            var content = new BackupContent(client, path, Backup.Parse(answer));
            await file.FillAsync(stream => content.CopyToAsync(stream, cancellationToken));
            _host.Writer(parsed).WriteDone($"{parsed.GetRequiredValue(_backup)}: written to {parsed.GetValue(_file)}");
        }
        else if (Bytes(parsed) is { } output)
        {
            await new BackupContent(client, path, Backup.Parse(answer)).CopyToAsync(output, cancellationToken);
        }
        else
        {
            _host.Writer(parsed).WriteOne(answer);
        }

        return ExitCode.Ok;
    }

    /// <summary>Whoever names a form wants to read about the backup.</summary>
    private Stream? Bytes(ParseResult parsed) =>
        _host.Console.OutIsTerminal || _host.IsFormGiven(parsed) ? null : _host.Console.OutBytes;
}
