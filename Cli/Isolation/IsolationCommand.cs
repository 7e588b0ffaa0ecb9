using System.CommandLine;
using Kataven.Cli.Help;

namespace Kataven.Cli.Isolation;

/// <summary><c>kataven isolation</c>: how well accounts are closed off from each other, and putting it in order.</summary>
internal static class IsolationCommand
{
    public static Command Create(CliHost host) =>
        new CliCommand("isolation", "How well accounts are closed off: look, repair, rotate passwords.", "kataven isolation audit")
        {
            IsolationAuditCommand.Create(host),
            IsolationShowCommand.Create(host),
            IsolationRepairCommand.Create(host),
            IsolationRotateCommand.Create(host),
        };
}
