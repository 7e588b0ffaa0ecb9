using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Restores;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>Clones on a server that is set to have the file system copy databases, whether that can or not.</summary>
[Collection("The newest server")]
public sealed class NewestServerFileCloneTests(NewestService service) : ServerSuite(service, onEach: true), IAsyncLifetime
{
    private SystemDatabase SystemDatabase => Service.Services.GetRequiredService<SystemDatabase>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Service.SuperuserAsync("postgres", "ALTER SYSTEM SET file_copy_method = clone");
        await SetAsync("clone");
    }

    public async ValueTask DisposeAsync()
    {
        await Service.SuperuserAsync("postgres", "ALTER SYSTEM RESET file_copy_method");
        await SetAsync("copy");
    }

    [Fact]
    public async Task A_clone_is_a_copy_by_the_file_system()
    {
        var (account, mark) = await Service.NewMarkedAccountAsync("filecopy");
        Assert.Equal("FILE_COPY", (await Service.Services.GetRequiredService<CloneMethod>().ChooseAsync(AccountId.Parse(account), Cancellation))?.Clause);

        Assert.Equal(("template", mark), await CloneAsync(account));
    }

    /// <summary>The account's folder has a file that is none of PostgreSQL's: only who copies whole files comes upon it.</summary>
    [Fact]
    public async Task Where_the_file_system_cannot_copy_the_clone_is_made_in_another_way()
    {
        var (account, mark) = await Service.NewMarkedAccountAsync("nofilecopy");
        var folder = await Service.SystemScalarAsync<string>(
            "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = $1", account);
        var file = Path.Combine(folder, "unreadable");
        await File.WriteAllTextAsync(file, "", Cancellation);
        File.SetUnixFileMode(file, UnixFileMode.None);

        Assert.Equal(("template", mark), await CloneAsync(account));
    }

    /// <summary>Who comes upon the lock waits, as for a copy of every byte.</summary>
    [Fact]
    public async Task A_copy_that_takes_too_long_is_given_up_and_a_large_database_is_dumped_instead()
    {
        var account = await Service.NewAccountAsync("slowcopy");
        var method = MethodOf(cloneByCopyUpTo: 1);
        var databases = ActivatorUtilities.CreateInstance<WorkingDatabases>(Service.Services, method);
        var (id, name) = (AccountId.Parse(account), WorkingDatabases.NameOf(Guid.NewGuid()));
        var strategy = await method.ChooseAsync(id, Cancellation);
        await using (var connection = await Service.OpenSystemAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var command = new NpgsqlCommand($"COMMENT ON DATABASE \"{account}\" IS 'locked'", connection, transaction);
            await command.ExecuteNonQueryAsync(Cancellation);

            await Assert.ThrowsAsync<NpgsqlException>(() => databases.CopyAsync(name, account, strategy!.Clause, Cancellation));
            await transaction.RollbackAsync(Cancellation);
        }

        Assert.False(await databases.ExistsAsync(name, Cancellation));
        Assert.Null(await method.ChooseAsync(id, Cancellation));
        Assert.Equal("FILE_COPY", (await method.ChooseAsync(id, Cancellation))?.Clause);
    }

    [Fact]
    public async Task Where_no_request_is_to_wait_every_clone_is_a_dump() =>
        Assert.Null(await MethodOf(cloneByCopyUpTo: 0).ChooseAsync(AccountId.Parse(await Service.NewAccountAsync("nocopy")), Cancellation));

    private CloneMethod MethodOf(long cloneByCopyUpTo) =>
        new(SystemDatabase, Options.Create(new BackupOptions { CloneByCopyUpTo = cloneByCopyUpTo }), NullLogger<CloneMethod>.Instance);

    /// <summary>How the account was cloned, and the clone's mark.</summary>
    private async Task<(string? Method, string? Mark)> CloneAsync(string account)
    {
        var into = account + "-2";
        var admin = Service.AdminClient();
        var begun = await admin.PostAsync($"/api/admin/accounts/{account}/clones", new { account_id = into });
        Assert.True(begun.Status == 202, begun.ToString());
        var path = $"/api/admin/operations/{begun.Json.GetProperty("operation_id").GetString()}";
        Reply? operation = null;
        await Eventually.Async(
            async () => (operation = await admin.CallAsync(HttpMethod.Get, path)).Json.GetProperty("status").GetString() != "running",
            Promised.Within(seconds: 20),
            "the account is cloned");
        Assert.True(operation!.Json.GetProperty("status").GetString() == "succeeded", operation.Text);
        return (operation.Json.GetProperty("result").GetProperty("method").GetString(), (await Service.ScalarAsync(into, "SELECT mark FROM marked")).GetString());
    }

    /// <summary>Returns when new connections and those of the service's pool have read the server's settings anew.</summary>
    private async Task SetAsync(string value)
    {
        await Service.SuperuserAsync("postgres", "SELECT pg_reload_conf()");
        await Eventually.Async(
            async () => (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ReadAsync()))).All(read => read[0] == value),
            Promised.Within(seconds: 5),
            $"the server's file_copy_method is {value}");

        Task<List<string>> ReadAsync() => SystemDatabase.NamesAsync("SELECT current_setting('file_copy_method')", [], Cancellation);
    }
}
