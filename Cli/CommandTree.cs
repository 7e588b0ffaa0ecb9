using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Kataven.Cli.Accounts;
using Kataven.Cli.Audit;
using Kataven.Cli.Backups;
using Kataven.Cli.Cluster;
using Kataven.Cli.Help;
using Kataven.Cli.Isolation;
using Kataven.Cli.Migrations;
using Kataven.Cli.Operations;
using Kataven.Cli.Pools;
using Kataven.Cli.Queries;
using Kataven.Cli.Restores;
using Kataven.Cli.Tokens;

namespace Kataven.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public static Command Create(CliHost host)
    {
        // Not a RootCommand: that one is called after the program's file.
        var root = new CliCommand("kataven", "Accounts and their databases, over HTTP.", "kataven sql acme 'select 1'")
        {
            TokenCommand.Create(host),
            AccountsCommand.Create(host),
            SqlCommand.Create(host),
            PoolsCommand.Create(host),
            IsolationCommand.Create(host),
            MigrateCommand.Create(host),
            BackupCommand.Create(host),
            RestoreCommand.Create(host),
            CloneCommand.Create(host),
            OperationsCommand.Create(host),
            ClusterCommand.Create(host),
            AuditCommand.Create(host),
        };
        host.AddOptionsTo(root);
        root.Add(new HelpOption { Recursive = true, Action = new HelpWithExample() });
        root.Add(new VersionOption());
        return root;
    }

    public static string PathOf(CommandResult result)
    {
        var names = new List<string>();
        for (SymbolResult? at = result; at is CommandResult command; at = at.Parent)
            names.Insert(0, command.Command.Name);

        return string.Join(' ', names);
    }
}
