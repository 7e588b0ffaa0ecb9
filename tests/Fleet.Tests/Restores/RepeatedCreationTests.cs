using System.Net.Http.Json;
using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>An account that is made from a backup, by a request that is sent again since its answer was lost.</summary>
[Collection(FleetCollection.Name)]
public sealed class RepeatedCreationTests(FleetService service)
{
    private const string Accounts = "/api/admin/accounts";

    /// <summary>Nobody can take a slug.</summary>
    private const string NoSlugs = "LOCK TABLE public.accounts IN SHARE ROW EXCLUSIVE MODE";

    /// <summary>Every restore waits for its turn: these are the locks of both.</summary>
    private const string NoTurns = "SELECT pg_advisory_xact_lock(1801548898, 0), pg_advisory_xact_lock(1801548898, 1)";

    [Theory]
    [InlineData(NoSlugs, false)]
    [InlineData(NoTurns, true)]
    public async Task While_it_is_made_the_answer_is_the_operation_that_makes_it_and_afterwards_the_account(string obstacle, bool hasSlug)
    {
        var (slug, made) = (await service.NewAccountAsync("origin"), AccountCalls.Slug("made"));
        await service.AddItemsAsync(slug, "one");
        var body = new { account_id = made, account_name = "Made Ltd", limits = new { max_lanes = 3 }, from_backup = await service.BackUpAsync(slug) };
        string id;
        await using (await ObstructAsync(obstacle))
        {
            id = await LoseAsync(slug, body, hasSlug ? made : null);

            var repeat = await service.AdminClient().PostAsync(Accounts, body);

            Assert.True(repeat.Status == 202, repeat.ToString());
            Assert.Equal($"/api/admin/operations/{id}", repeat.Headers.Location?.OriginalString);
            Assert.Equal(("restore", id, "running"), (Text(repeat.Json, "kind"), Text(repeat.Json, "operation_id"), Text(repeat.Json, "status")));
            var other = await service.AdminClient().PostAsync(Accounts, new { body.account_id, account_name = "Other Ltd", body.limits, body.from_backup });
            Assert.Equal((409, hasSlug ? "account_exists" : "operation_running"), (other.Status, other.Code));
        }

        await service.SucceededAsync(id);
        var last = await service.AdminClient().PostAsync(Accounts, body);
        Assert.Equal((201, $"{Accounts}/{made}"), (last.Status, last.Headers.Location?.OriginalString));
        Assert.Equal(("active", "Made Ltd"), (Text(last.Json, "status"), Text(last.Json, "account_name")));
        Assert.Equal("one", await service.ItemsAsync(made));
        Assert.Equal(id, Text(Assert.Single(await RestoresAsync(slug)), "operation_id"));
    }

    [Fact]
    public async Task What_it_has_made_is_answered_again_and_to_no_other_request()
    {
        var (slug, made) = (await service.NewAccountAsync("origin"), AccountCalls.Slug("made"));
        await service.AddItemsAsync(slug, "one");
        var (id, newer) = (await service.BackUpAsync(slug), await service.BackUpAsync(slug));
        var body = new { account_id = made, account_name = "Made Ltd", from_backup = id };
        var first = await service.AdminClient().PostAsync(Accounts, body);
        await service.AddItemsAsync(made, "two");

        var again = await service.AdminClient().PostAsync(Accounts, body);

        Assert.Equal((201, first.Text), (again.Status, again.Text));
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("one two", await service.ItemsAsync(made));
        foreach (var other in new object[]
        {
            new { account_id = made, account_name = "Other Ltd", from_backup = id },
            new { account_id = made, account_name = "Made Ltd", org_id = "4711", from_backup = id },
            new { account_id = made, account_name = "Made Ltd", limits = new { max_lanes = 3 }, from_backup = id },
            new { account_id = made, account_name = "Made Ltd", from_backup = newer },
            new { account_id = made, account_name = "Made Ltd" },
        })
        {
            var refused = await service.AdminClient().PostAsync(Accounts, other);
            Assert.True((refused.Status, refused.Code) is (409, "account_exists"), $"{JsonSerializer.Serialize(other)}: {refused}");
        }

        Assert.Single(await RestoresAsync(slug));
    }

    [Fact]
    public async Task The_next_account_of_the_slug_is_not_taken_for_the_one_that_it_made()
    {
        var (slug, made) = (await service.NewAccountAsync("origin"), AccountCalls.Slug("made"));
        var body = new { account_id = made, account_name = "Made Ltd", from_backup = await service.BackUpAsync(slug) };
        Assert.Equal(201, (await service.AdminClient().PostAsync(Accounts, body)).Status);
        Assert.Equal(204, (await service.DeleteAsync(made)).Status);
        Assert.Equal(201, (await service.CreateAsync(made, "Made Ltd")).Status);

        var refused = await service.AdminClient().PostAsync(Accounts, body);

        Assert.Equal((409, "account_exists"), (refused.Status, refused.Code));

        // Where the slug is free it is made anew.
        Assert.Equal(204, (await service.DeleteAsync(made)).Status);
        Assert.Equal(201, (await service.AdminClient().PostAsync(Accounts, body)).Status);
        Assert.Equal(2, (await RestoresAsync(slug)).Count);
    }

    /// <summary>Sends it, goes away before it is answered, and returns the id of the operation that goes on.</summary>
    private async Task<string> LoseAsync(string source, object body, string? reserved)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var first = service.AdminClient().PostAsJsonAsync(Accounts, body, lost.Token);
        string? id = null;
        await Eventually.Async(
            async () => (id = (await RestoresAsync(source)).Where(IsReserving).Select(operation => Text(operation, "operation_id")).SingleOrDefault()) is not null
                && (reserved is null || (await service.AskAsync("GET", $"/accounts/{reserved}")).Status == 200),
            Promised.Within(seconds: 10),
            "the account is being made");
        await lost.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        return id!;
    }

    /// <summary>Is in the way until it is disposed of.</summary>
    private async Task<IAsyncDisposable> ObstructAsync(string lockStatement)
    {
        var connection = await service.OpenInAsync("system");
        await using var command = new NpgsqlCommand("BEGIN; " + lockStatement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<List<JsonElement>> RestoresAsync(string source) =>
    [
        .. (await service.GetAsync($"/operations?account={source}")).GetProperty("operations").EnumerateArray()
            .Where(operation => Text(operation, "kind") == "restore"),
    ];

    private static bool IsReserving(JsonElement operation) => Text(operation, "step") == "account.reserve";

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
