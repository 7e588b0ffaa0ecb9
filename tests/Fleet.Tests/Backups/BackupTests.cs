using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

[Collection(FleetCollection.Name)]
public sealed class BackupTests(FleetService service)
{
    [Fact]
    public async Task A_backup_is_made_told_and_listed()
    {
        var slug = await service.NewAccountAsync("backup");
        await service.AddItemsAsync(slug, "one", "two");

        var operation = await service.SucceedAsync($"/accounts/{slug}/backups");

        Assert.Equal(("backup", slug), (operation.GetProperty("kind").GetString(), operation.GetProperty("account_id").GetString()));
        var result = operation.GetProperty("result");
        var id = result.GetProperty("backup_id").GetString()!;
        Assert.Equal(operation.GetProperty("operation_id").GetString(), id);
        var backup = await service.GetAsync($"/accounts/{slug}/backups/{id}");
        Assert.Equal((slug, "complete", "manual"), (Text(backup, "account_id"), Text(backup, "status"), Text(backup, "reason")));
        Assert.Equal(Scripts.Newest, backup.GetProperty("schema_version").GetInt32());
        Assert.True(backup.GetProperty("bytes").GetInt64() > 0);
        Assert.True(backup.GetProperty("finished_at").GetDateTimeOffset() >= backup.GetProperty("started_at").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, backup.GetProperty("verified_at").ValueKind);
        Assert.Equal(JsonValueKind.Null, backup.GetProperty("keep_until").ValueKind);
        Assert.Equal(
            (backup.GetProperty("bytes").GetInt64(), Text(backup, "sha256"), Scripts.Newest),
            (result.GetProperty("bytes").GetInt64(), Text(result, "sha256"), result.GetProperty("schema_version").GetInt32()));

        var newer = await service.BackUpAsync(slug);
        Assert.Equal([newer, id], await IdsAsync(slug));
    }

    [Fact]
    public async Task Its_content_is_what_pg_restore_reads_and_has_the_checksum_that_was_told()
    {
        var slug = await service.NewAccountAsync("content");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);

        using var answer = await service.AdminClient().GetAsync(
            $"/api/admin/accounts/{slug}/backups/{id}/content", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var content = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        var backup = await service.GetAsync($"/accounts/{slug}/backups/{id}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(backup.GetProperty("bytes").GetInt64(), answer.Content.Headers.ContentLength);
        Assert.Equal(Text(backup, "sha256"), Convert.ToHexStringLower(SHA256.HashData(content)));
        var list = await ListAsync(content);
        Assert.Contains("TABLE DATA public item", list, StringComparison.Ordinal);
        Assert.DoesNotContain("_kataven", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_that_is_removed_is_gone_from_the_list_and_from_the_store()
    {
        var slug = await service.NewAccountAsync("remove");
        var id = await service.BackUpAsync(slug);
        Assert.Single(service.FilesOf(id));

        Assert.Equal(204, (await service.AskAsync("DELETE", $"/accounts/{slug}/backups/{id}")).Status);

        Assert.Empty(service.FilesOf(id));
        Assert.Empty(await IdsAsync(slug));
        Assert.Equal("backup_not_found", (await service.AskAsync("GET", $"/accounts/{slug}/backups/{id}")).Code);
        Assert.Equal("backup_not_found", (await service.AskAsync("DELETE", $"/accounts/{slug}/backups/{id}")).Code);
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("GET", "/content")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/verification")]
    public async Task A_backup_that_is_not_the_accounts_is_not_found(string method, string rest)
    {
        var (slug, other) = (await service.AccountOfAsync<BackupTests>(), await service.AccountOfAsync("backupofanother"));
        var anothers = (await IdsAsync(other)).FirstOrDefault() ?? await service.BackUpAsync(other);

        foreach (var id in new[] { anothers, Guid.NewGuid().ToString(), "no-id", "..%2F" + anothers })
        {
            var reply = await service.AskAsync(method, $"/accounts/{slug}/backups/{id}{rest}");

            Assert.True((reply.Status, reply.Code) is (404, "backup_not_found"), $"{id}: {reply}");
        }

        Assert.Contains(anothers, await IdsAsync(other));
        Assert.Single(service.FilesOf(anothers));
    }

    [Fact]
    public async Task Backups_of_an_account_that_is_not_there_are_not_made()
    {
        Assert.Equal("account_not_found", (await service.AskAsync("POST", "/accounts/never-made/backups")).Code);
        Assert.Equal("account_not_found", (await service.AskAsync("GET", "/accounts/never-made/backups")).Code);
        Assert.Equal("invalid_account", (await service.AskAsync("POST", "/accounts/Never/backups")).Code);
    }

    [Fact]
    public async Task The_account_serves_on_while_it_is_backed_up()
    {
        var slug = await service.NewAccountAsync("busy");
        await service.AddItemsAsync(slug, "one");
        await service.QueryAsync(slug, "create table written (n int primary key)");
        var (reads, writes) = (Traffic.Reads(service, slug, 20), Traffic.Writes(service, slug, 20));
        await Task.WhenAll(reads.FlowsAsync(), writes.FlowsAsync());

        await service.BackUpAsync(slug);

        await Task.WhenAll(reads.EndAsync(), writes.EndAsync());
        Assert.Equal(writes.Written.Count, (await service.ScalarAsync(slug, "select count(*) from written")).GetInt32());
    }

    private async Task<List<string>> IdsAsync(string account) =>
        [.. (await service.GetAsync($"/accounts/{account}/backups")).GetProperty("backups").EnumerateArray().Select(backup => Text(backup, "backup_id")!)];

    private static async Task<string> ListAsync(byte[] content)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        try
        {
            using var list = Process.Start(new ProcessStartInfo("pg_restore", ["-l", file]) { RedirectStandardOutput = true })!;
            var text = await list.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await list.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, list.ExitCode);
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
