using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Tenancy;

public sealed class OwnDatabaseTests(ServiceFixture service)
{
    [Fact]
    public async Task Each_of_720_calls_from_12_threads_over_4_accounts_is_answered_from_its_own_database()
    {
        var accounts = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var account = await service.NewAccountAsync("own");
            await service.QueryAsync(account, "create table own (slug text)");
            await service.QueryAsync(account, "insert into own values ($1)", account);
            accounts.Add(account);
        }

        var threads = Enumerable.Range(0, 12).Select(thread => Task.Run(async () =>
        {
            for (var call = 0; call < 60; call++)
            {
                var account = accounts[(thread + call) % accounts.Count];
                var row = (await service.QueryAsync(account, "select current_database(), slug, $1::int from own", call)).GetProperty("rows")[0];
                Assert.Equal((account, account, call), (row[0].GetString(), row[1].GetString(), row[2].GetInt32()));
            }
        }));

        await Task.WhenAll(threads);
    }
}
