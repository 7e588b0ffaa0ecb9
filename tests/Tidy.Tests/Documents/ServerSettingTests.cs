using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Documents;

/// <summary>PostgreSQL's settings stand in four places: the private server's, the composition's, the operator's guide, and what the audit of a server asks for.</summary>
public sealed partial class ServerSettingTests
{
    private static readonly string[] InCode =
        [.. Assigned().Matches(Hardened()).Select(match => $"{match.Groups[1].Value}={match.Groups[2].Value}")];

    [Fact]
    public void The_composition_starts_PostgreSQL_with_the_settings_of_the_private_server() => Rule.Same(
        "setting of the private server",
        InCode,
        "docker-compose.yml",
        Composed().Matches(Repository.File("docker-compose.yml").Text).Select(match => match.Groups[1].Value)
            .Where(setting => !setting.StartsWith("max_connections=", StringComparison.Ordinal)));

    [Fact]
    public void The_operators_guide_has_the_settings_of_the_private_server() => Rule.Same(
        "setting of the private server",
        InCode,
        "docs/OPERATE.md",
        Table.Rows(Repository.File("docs/OPERATE.md")).Where(row => ServerSetting().IsMatch(row.Key)).Select(row => row.Key));

    /// <summary>What the private server is started with, and the audit of a server does not ask for, with the reason.</summary>
    private static readonly Dictionary<string, string> NotAsked = new()
    {
        ["max_replication_slots"] = "a standby needs some",
        ["max_wal_senders"] = "a standby needs some",
        ["archive_mode"] = "an archive needs it",
        ["max_stack_depth"] = "it is PostgreSQL's default, and PostgreSQL itself refuses one that the machine does not bear",
    };

    [Fact]
    public void What_the_audit_of_a_server_recommends_is_what_the_private_server_is_started_with() => Rule.Same(
        "recommended setting",
        Asked().Matches(Repository.File("Grains/Isolation/ServerSetting.cs").Text).Select(match => $"{match.Groups[1].Value}={match.Groups[2].Value}"),
        "Postgres.Embedded/ServerSettings.cs",
        InCode.Where(setting => !NotAsked.ContainsKey(setting.Split('=')[0])));

    [Fact]
    public void What_the_audit_of_a_server_does_not_ask_for_is_there() => Rule.Holds(
        "A setting that is said not to be asked for is one of the private server's.",
        NotAsked.Keys.Where(name => !InCode.Any(setting => setting.StartsWith(name + "=", StringComparison.Ordinal))));

    private static string Hardened()
    {
        var source = Repository.File("Postgres.Embedded/ServerSettings.cs").Text;
        return source[source.IndexOf("Hardened", StringComparison.Ordinal)..source.IndexOf("All(", StringComparison.Ordinal)];
    }

    [GeneratedRegex("""\["(\w+)"\] = "([^"]*)";?""")]
    private static partial Regex Assigned();

    [GeneratedRegex("""(?:Is|AtMost|new)\("(\w+)", "?([^",]*)"?,""")]
    private static partial Regex Asked();

    [GeneratedRegex(@"- -c\n\s+- (\w+=\S*)")]
    private static partial Regex Composed();

    [GeneratedRegex(@"^[a-z_]+=\S*$")]
    private static partial Regex ServerSetting();
}
