using System.CommandLine;

namespace Kataven.Cli.Help;

/// <summary>A command that shows one example below its help.</summary>
internal sealed class CliCommand(string name, string description, string example) : Command(name, description)
{
    public string Example { get; } = example;
}
