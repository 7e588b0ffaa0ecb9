using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Isolation.Tests.Credentials;

/// <summary>The passwords of accounts' roles are of no use to whoever reads the system database, and stand nowhere else.</summary>
[Collection<SecretCollection>]
public sealed class CredentialTests(SecretService service) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await service.BeginAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task With_a_key_the_stored_password_is_not_the_one_that_logs_in()
    {
        var account = await service.NewAccountAsync("sealed");
        Assert.Equal(1, (await service.ScalarAsync(account, "SELECT 1")).GetInt32());
        var login = await service.LoginOfAsync(account);

        Assert.StartsWith("v1:", login.Password, StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal("28P01", refused.SqlState);
    }

    [Fact]
    public async Task A_stored_password_is_of_no_use_in_another_accounts_row()
    {
        var (one, mark) = await service.NewMarkedAccountAsync("moved");
        var two = await service.NewAccountAsync("mover");
        var former = await service.SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", two);
        await service.SuperuserAsync("system", $"""
            UPDATE kataven.credentials SET (role_name, password) = (SELECT role_name, password FROM kataven.credentials WHERE account_id = '{one}') WHERE account_id = '{two}'
            """);
        await service.CloseLanesAsync(two);

        var reply = await service.TryQueryAsync(two, "SELECT mark FROM marked");
        Assert.InRange(reply.Status, 500, 503);
        Assert.DoesNotContain(mark, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("v1:", reply.Text, StringComparison.Ordinal);
        await service.SuperuserAsync("system", $"""
            UPDATE kataven.credentials SET role_name = '{await service.RoleOfAsync(two)}', password = '{former}' WHERE account_id = '{two}'
            """);
        Assert.Equal(1, (await service.ScalarAsync(two, "SELECT 1")).GetInt32());
    }

    [Fact]
    public async Task A_password_is_rotated_without_a_failed_request()
    {
        var account = await service.NewAccountAsync("rotated");
        var former = await service.SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", account);
        using var rotated = new CancellationTokenSource();
        var asking = Task.Run(
            async () =>
            {
                while (!rotated.IsCancellationRequested)
                {
                    await service.QueryAsync(account, "SELECT 1");
                }
            },
            TestContext.Current.CancellationToken);
        for (var i = 0; i < 5; i++)
        {
            var reply = await service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/credentials/rotation");
            Assert.Equal(200, reply.Status);
            await service.CloseLanesAsync(account);
        }

        await rotated.CancelAsync();
        await asking;
        Assert.NotEqual(former, await service.SystemScalarAsync<string>("SELECT password FROM kataven.credentials WHERE account_id = $1", account));
    }
}
