using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kataven.Tidy.Tests.Tree;

namespace Kataven.Tidy.Tests.Deployment;

public sealed partial class CompositionTests
{
    [Fact]
    public void There_are_two_of_each_process() => Assert.Equal(["front-1", "front-2", "silo-1", "silo-2"], Composition.Members.Select(member => member.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_service_is_looked_after() => Rule.Holds(
        "A service has a health check, a limit of memory, and is started again.",
        from service in Composition.Services
        from wanted in new[] { "healthcheck.test", "mem_limit", "restart", "logging" }
        where !service.Value.At(wanted).Any()
        select $"{service.Key}: {wanted}");

    [Fact]
    public void Processes_of_ours_have_no_rights_that_they_do_not_need() => Rule.Holds(
        "A process drops its capabilities, gets no new privileges, and cannot write its file system.",
        from service in Composition.Members
        where service.Value.Text("cap_drop.*") != "ALL" || service.Value.Text("security_opt.*") != "no-new-privileges:true" || service.Value.Text("read_only") != "true"
        select service.Key);

    /// <summary>A silo answers at the management address's default; a front door at the port that its image brings.</summary>
    [Fact]
    public void Health_checks_ask_where_the_process_answers()
    {
        var management = DefaultUrl().Match(Repository.File("Silo/Observability/ManagementOptions.cs").Text).Groups[1].Value;
        var http = Exposed().Match(Repository.File("Dockerfile").Text).Groups[1].Value;
        Rule.Holds(
            "A health check asks for /health/ready at the port of the process.",
            from service in Composition.Members
            let test = string.Join(' ', service.Value.At("healthcheck.test.*"))
            let port = service.Key.StartsWith("silo", StringComparison.Ordinal) ? management : http
            where test != $"CMD healthy {port} /health/ready"
            select $"{service.Key}: {test}");
    }

    [Fact]
    public void Nobody_but_members_and_PostgreSQL_is_in_the_clusters_network() => Rule.Holds(
        "The cluster's network has members and PostgreSQL, and no port of theirs is published.",
        from service in Composition.Services
        let networks = service.Value.At("networks").Single()
        let isInside = networks.ToJsonString().Contains("\"cluster\"", StringComparison.Ordinal)
        where isInside && (service.Value.At("ports").Any() || !(service.Value.At("build").Any() || service.Key == "postgres"))
        select service.Key);

    /// <summary>The name of a service is known in each of its networks, and may lead to either address.</summary>
    [Fact]
    public void A_process_in_two_networks_is_a_member_in_the_clusters_alone() => Rule.Holds(
        "A process that is in another network too advertises an address by a name that the cluster's network alone has.",
        from service in Composition.Members
        from networks in service.Value.At("networks").OfType<JsonObject>()
        where networks.Count > 1
        let advertised = service.Value.Text("environment.Kataven__Silo__AdvertisedAddress")
        let known = networks.Where(network => network.Value.At("aliases.*").Any(alias => alias.ToString() == advertised)).Select(network => network.Key)
        where advertised == service.Key || !known.SequenceEqual(["cluster"])
        select $"{service.Key}: {advertised}");

    [Fact]
    public void Whoever_meets_a_front_door_outside_makes_no_packets_of_its_own() => Rule.Holds(
        "A service that is not a member drops NET_RAW where front doors are.",
        from service in Composition.Services
        where !service.Value.At("build").Any() && service.Value.At("networks").Single().ToJsonString().Contains("\"door\"", StringComparison.Ordinal)
        where service.Value.At("cap_drop.*").All(dropped => dropped.ToString() is not ("NET_RAW" or "ALL"))
        select service.Key);

    [Fact]
    public void The_key_of_the_passwords_is_given_to_silos_alone() => Assert.Equal(
        ["silo-1", "silo-2"],
        Composition.Services.Where(service => service.Value.At("environment").OfType<JsonObject>().Any(settings => settings.ContainsKey("Kataven__Secrets__Key")))
            .Select(service => service.Key).Order(StringComparer.Ordinal));

    [GeneratedRegex(@"SiloDefault = ""http://127\.0\.0\.1:(\d+)""")]
    private static partial Regex DefaultUrl();

    [GeneratedRegex(@"FROM runtime AS front[\s\S]*?EXPOSE (\d+)")]
    private static partial Regex Exposed();
}
