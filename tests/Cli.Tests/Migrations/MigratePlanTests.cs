using System.Text.Json.Nodes;

namespace Kataven.Cli.Tests.Migrations;

public sealed class MigratePlanTests
{
    private const string Scripts =
        """{"migrations":[{"version":1,"description":"begin","checksum":"a"},{"version":3,"description":"orders","checksum":"c"},{"version":2,"description":"items","checksum":"b"}]}""";

    private static readonly (string, StubAnswer[])[] Behind =
    [
        ("GET /migrations", [Scripts]),
        ("GET /accounts?behind=true&limit=500", ["""{"accounts":[{"account_id":"a","account_name":"A","status":"active"}],"next":"a"}"""]),
        ("GET /accounts?behind=true&after=a&limit=500", ["""{"accounts":[{"account_id":"b","account_name":"B","status":"active"}],"next":null}"""]),
        ("GET /accounts/a/migrations", ["""{"version":1,"applied":[],"pending":[],"drift":[]}"""]),
        ("GET /accounts/b/migrations", ["""{"version":2,"applied":[],"pending":[],"drift":[]}"""]),
    ];

    private static readonly (string, StubAnswer[])[] DriftedSchema =
    [
        ("GET /accounts/a/migrations?schema=true", ["""
            {"version":1,"applied":[],"pending":[],"drift":[],"schema":[
                {"kind":"index","schema":"public","name":"item_name_idx","difference":"missing"},
                {"kind":"table","schema":"public","name":"item","difference":"changed"}]}
            """]),
        ("POST /accounts/a/migrations", ["""{"version":2,"applied":[{"version":2,"description":"items"}]}"""]),
        ("GET /accounts/b/migrations?schema=true", ["""{"version":2,"applied":[],"pending":[],"drift":[],"schema":[]}"""]),
        ("POST /accounts/b/migrations", ["""{"version":2,"applied":[]}"""]),
    ];

    [Fact]
    public async Task Without_accounts_it_lists_page_by_page_who_is_behind()
    {
        await using var server = await RouteStub.StartAsync(Behind);

        var run = await CliRun.OnTerminalAsync(server, "migrate", "plan");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("│ b          │ B ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("(2 rows)\nbehind migration 3: orders\n", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(server.Received, static request => Assert.Equal("GET", request.Method));
        Assert.Equal(3, server.Received.Count);
    }

    [Fact]
    public async Task As_json_it_is_one_document()
    {
        await using var server = await RouteStub.StartAsync(Behind);

        var run = await CliRun.AgainstAsync(server, "migrate", "plan");

        const string expected =
            """{"target":3,"description":"orders","accounts":[{"account_id":"a","account_name":"A","status":"active"},{"account_id":"b","account_name":"B","status":"active"}]}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(run.Out)), run.Out);
    }

    [Fact]
    public async Task With_an_earlier_target_only_those_are_behind_that_have_not_reached_it()
    {
        await using var server = await RouteStub.StartAsync(Behind);

        var run = await CliRun.AgainstAsync(server, "migrate", "plan", "--target", "2", "--output", "csv");

        Assert.Equal(new CliRun(0, "account_id,account_name,status\r\na,A,active\r\n", ""), run);
    }

    [Fact]
    public async Task A_target_that_is_no_migration_is_refused()
    {
        await using var server = await RouteStub.StartAsync(Behind);

        var run = await CliRun.AgainstAsync(server, "migrate", "plan", "--target", "9");

        Assert.Equal(new CliRun(1, "", "There is no migration 9; the newest is 3." + Environment.NewLine), run);
    }

    [Fact]
    public async Task For_named_accounts_it_tells_what_would_be_applied_and_what_drifted()
    {
        await using var server = await RouteStub.StartAsync(
            ("GET /accounts/a/migrations", ["""{"version":1,"applied":[],"pending":[],"drift":[{"version":1,"description":"begin"}]}"""]),
            ("POST /accounts/a/migrations", ["""{"version":2,"applied":[{"version":2,"description":"items"}]}"""]),
            ("GET /accounts/b/migrations", ["""{"version":2,"applied":[],"pending":[],"drift":[]}"""]),
            ("POST /accounts/b/migrations", ["""{"version":2,"applied":[]}"""]));

        var run = await CliRun.AgainstAsync(server, "migrate", "plan", "a", "b", "a", "--target", "2", "--output", "csv");

        Assert.Equal(
            new CliRun(0, "account_id,action,version,description\r\na,drift,1,begin\r\na,apply,2,items\r\nb,current,2,\r\n", ""), run);
        Assert.Equal(
            ["""{"target":2,"dry_run":true}""", """{"target":2,"dry_run":true}"""],
            server.Received.Where(static r => r.Method == "POST").Select(static r => r.Body));
    }

    [Fact]
    public async Task With_schema_it_also_tells_which_objects_are_not_as_the_migrations_made_them()
    {
        await using var server = await RouteStub.StartAsync(DriftedSchema);

        var run = await CliRun.AgainstAsync(server, "migrate", "plan", "a", "b", "--schema", "--output", "csv");

        const string expected =
            """
            account_id,action,version,description,kind,schema,name
            a,missing,,,index,public,item_name_idx
            a,changed,,,table,public,item
            a,apply,2,items,,,
            b,current,2,,,,

            """;
        Assert.Equal(new CliRun(0, expected.ReplaceLineEndings("\r\n"), ""), run);
    }

    [Fact]
    public async Task Of_an_object_the_json_has_what_it_is_and_of_a_migration_what_it_had()
    {
        await using var server = await RouteStub.StartAsync(DriftedSchema);

        var run = await CliRun.AgainstAsync(server, "migrate", "plan", "a", "b", "--schema");

        const string expected =
            """
            {"plan":[
                {"account_id":"a","action":"missing","version":null,"description":null,"kind":"index","schema":"public","name":"item_name_idx"},
                {"account_id":"a","action":"changed","version":null,"description":null,"kind":"table","schema":"public","name":"item"},
                {"account_id":"a","action":"apply","version":2,"description":"items"},
                {"account_id":"b","action":"current","version":2,"description":null}]}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(run.Out)), run.Out);
    }

    [Fact]
    public async Task An_account_that_cannot_be_planned_is_told_and_the_others_are_shown()
    {
        await using var server = await RouteStub.StartAsync(
            ("GET /accounts/a/migrations", [StubAnswer.Refusal(404, "account_not_found")]),
            ("GET /accounts/b/migrations", ["""{"version":2,"drift":[]}"""]),
            ("POST /accounts/b/migrations", ["""{"version":2,"applied":[]}"""]));

        var run = await CliRun.AgainstAsync(server, "migrate", "plan", "a", "b");

        Assert.Equal(
            new CliRun(
                1,
                """{"plan":[{"account_id":"b","action":"current","version":2,"description":null}]}""" + Environment.NewLine,
                "a: account_not_found: Why." + Environment.NewLine),
            run);
        Assert.Equal("""{"dry_run":true}""", Assert.Single(server.Received, static r => r.Method == "POST").Body);
    }
}
