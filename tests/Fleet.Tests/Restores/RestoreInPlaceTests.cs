using System.Text.Json;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

[Collection(FleetCollection.Name)]
public sealed class RestoreInPlaceTests(FleetService service)
{
    [Fact]
    public async Task The_data_and_the_version_of_the_backup_are_back_and_no_request_fails()
    {
        var (slug, other) = (await service.NewAtAsync(2, "one", "two"), await service.NewAccountAsync("other"));
        await service.QueryAsync(slug, "create table written (n int)");
        var id = await service.BackUpAsync(slug);
        (await service.MigrateAsync(slug)).Ok();
        await service.QueryAsync(slug, "delete from item where id = 1");
        await service.AddItemsAsync(slug, "three");
        var traffic = new[] { Traffic.Reads(service, slug, 50), Traffic.Writes(service, slug, 50), Traffic.Reads(service, other, 20) };
        await Task.WhenAll(traffic.Select(requests => requests.FlowsAsync()));

        var operation = await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });

        await Task.WhenAll(traffic.Select(requests => requests.FlowsAsync(20)));
        await Task.WhenAll(traffic.Select(requests => requests.EndAsync()));
        Assert.Equal("one two", await service.ItemsAsync(slug));
        Assert.Equal(2, await service.VersionAsync(slug));
        var result = operation.GetProperty("result");
        Assert.Equal(("restore", id), (operation.GetProperty("kind").GetString(), result.GetProperty("backup_id").GetString()));
        Assert.True(result.GetProperty("hold_ms").GetInt64() > 0);
        Assert.InRange(result.GetProperty("replaced_until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(61));
        // What was acknowledged went into the one or the other, and nothing twice.
        var (kept, lost) = (await WrittenAsync(slug), await WrittenAsync($"_{operation.GetProperty("operation_id").GetGuid():N}r"));
        Assert.Equal(traffic[1].Written.Order(), kept.Concat(lost).Order());
        Assert.NotEmpty(kept);
        Assert.NotEmpty(lost);
        // What came later is pending again, and can be applied.
        Assert.Equal([3, 4], (await service.MigrateAsync(slug)).Ok().GetProperty("applied").EnumerateArray().Select(script => script.GetProperty("version").GetInt32()));
        Assert.Equal(["succeeded"], await OutcomesAsync(slug, "operation restore"));
    }

    [Fact]
    public async Task A_restore_is_taken_back_and_that_again()
    {
        var slug = await service.NewAtAsync(2, "backed-up");
        var id = await service.BackUpAsync(slug);
        (await service.MigrateAsync(slug)).Ok();
        await service.AddItemsAsync(slug, "replaced");
        var restore = (await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id })).GetProperty("operation_id").GetString();
        await service.AddItemsAsync(slug, "restored");

        var undo = await UndoAsync(slug, restore);
        Assert.Equal(("swap_back", restore), (undo.GetProperty("kind").GetString(), undo.GetProperty("result").GetProperty("restore").GetString()));
        Assert.Equal(("backed-up replaced", Scripts.Newest), (await service.ItemsAsync(slug), await service.VersionAsync(slug)));

        // What it replaced is kept in its turn, under its own id.
        var redo = await UndoAsync(slug, undo.GetProperty("operation_id").GetString());
        Assert.Equal(("backed-up restored", 2), (await service.ItemsAsync(slug), await service.VersionAsync(slug)));
        await UndoAsync(slug, redo.GetProperty("operation_id").GetString());
        Assert.Equal(("backed-up replaced", Scripts.Newest), (await service.ItemsAsync(slug), await service.VersionAsync(slug)));

        var spent = await service.FailAsync($"/accounts/{slug}/restores/{restore}", method: "DELETE");
        Assert.Equal("operation_failed", spent.GetProperty("code").GetString());
        Assert.Contains("KeepReplaced", spent.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("backed-up replaced", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task An_account_that_changed_its_own_role_is_restored_all_the_same()
    {
        var slug = await service.NewAccountAsync("changed");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        await service.QueryAsync(slug, "alter role current_user set default_transaction_read_only = on");
        await service.QueryAsync(slug, "alter role current_user password 'mine'");

        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });

        Assert.Equal("one", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task Nobody_can_connect_to_a_database_that_was_replaced()
    {
        var slug = await service.NewAccountAsync("replaced");
        var id = await service.BackUpAsync(slug);

        var restore = await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });

        var name = $"_{restore.GetProperty("operation_id").GetGuid():N}r";
        Assert.False(await service.SystemScalarAsync<bool>("SELECT datallowconn FROM pg_database WHERE datname = $1", name));
        Assert.False(await service.SystemScalarAsync<bool>("SELECT has_database_privilege('public', $1, 'CONNECT')", name));
    }

    [Fact]
    public async Task Another_accounts_backup_takes_the_accounts_place_only_where_that_is_said()
    {
        var (slug, other) = (await service.NewAccountAsync("mine"), await service.NewAccountAsync("theirs"));
        await service.AddItemsAsync(slug, "mine");
        await service.AddItemsAsync(other, "theirs");
        var id = await service.BackUpAsync(other);

        var refused = await service.AskAsync("POST", $"/accounts/{slug}/restores", new { backup_id = id });
        Assert.Equal((404, "backup_not_found"), (refused.Status, refused.Code));
        Assert.Equal("backup_not_found", (await service.AskAsync("POST", $"/accounts/{slug}/restores", new { backup_id = id, from_account = "never-made" })).Code);
        Assert.Equal("mine", await service.ItemsAsync(slug));

        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id, from_account = other });
        Assert.Equal("theirs", await service.ItemsAsync(slug));
        await service.AddItemsAsync(slug, "more");
        Assert.Equal("theirs", await service.ItemsAsync(other));
    }

    [Theory]
    [InlineData("""{"backup_id":"6b4f0f5e-54bd-4fb9-86be-0f8a3b6f1a11"}""", 404, "backup_not_found", "")]
    [InlineData("""{"backup_id":"no-id"}""", 400, "invalid_request", "backup_id")]
    [InlineData("""{"backup_id":7}""", 400, "invalid_request", "backup_id")]
    [InlineData("{}", 400, "invalid_request", "backup_id is missing")]
    [InlineData("""{"backup_id":"6b4f0f5e-54bd-4fb9-86be-0f8a3b6f1a11","onto":"x"}""", 400, "invalid_request", "onto")]
    [InlineData("""{"backup_id":"6b4f0f5e-54bd-4fb9-86be-0f8a3b6f1a11","into":"No slug"}""", 400, "invalid_account", "into")]
    [InlineData("""{"backup_id":"6b4f0f5e-54bd-4fb9-86be-0f8a3b6f1a11","into":"system"}""", 403, "reserved_account", "")]
    public async Task A_restore_of_the_wrong_form_is_refused(string body, int status, string code, string named)
    {
        var reply = await service.AskAsync("POST", $"/accounts/{await service.AccountOfAsync<RestoreInPlaceTests>()}/restores", body);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Contains(named, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private Task<JsonElement> UndoAsync(string slug, string? operation) => service.SucceedAsync($"/accounts/{slug}/restores/{operation}", method: "DELETE");

    private async Task<IEnumerable<string>> OutcomesAsync(string account, string action) =>
        (await service.GetAsync($"/audit?account={account}")).GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("action").GetString() == action).Select(entry => entry.GetProperty("outcome").GetString()!);

    /// <summary>What is in <c>written</c>, as a superuser sees it: in a database that lets nobody in, too.</summary>
    private async Task<List<int>> WrittenAsync(string database)
    {
        await service.RunAsync("postgres", $"ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS true");
        await using var connection = await service.OpenInAsync(database);
        await using var command = new Npgsql.NpgsqlCommand("SELECT n FROM written", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var written = new List<int>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            written.Add(reader.GetInt32(0));
        }

        return written;
    }
}
