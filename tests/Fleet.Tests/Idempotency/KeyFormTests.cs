using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>What a key may be, and with what it may be sent.</summary>
public sealed class KeyFormTests(ServiceFixture service)
{
    [Theory]
    [InlineData("Idempotency-Key:")]
    [InlineData("Idempotency-Key:  ")]
    [InlineData("Idempotency-Key: 256")]
    [InlineData("Idempotency-Key: a\tb")]
    [InlineData("Idempotency-Key: k\u00e9y")]
    [InlineData("Idempotency-Key: a\u007f")]
    [InlineData("Idempotency-Key: one", "Idempotency-Key: two")]
    [InlineData("Idempotency-Key: one", "idempotency-key: one")]
    public async Task A_malformed_key_is_refused_by_its_headers_name(params string[] lines)
    {
        var account = await service.AccountOfAsync<KeyFormTests>();
        string[] headers = [$"Authorization: Bearer {await service.TokenAsync(account)}", $"X-Account-ID: {account}", .. lines.Select(line => line.Replace("256", new string('k', 256), StringComparison.Ordinal))];

        var (status, body) = await RawCall.QueryAsync(service.Address, "select 1", headers);

        Assert.Equal(400, status);
        Assert.Contains("\"code\":\"invalid_request\"", body, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k")]
    [InlineData("\"a quoted key, with a comma\"")]
    [InlineData("!#$%&'*+-.^_`|~:;<=>?@[]{}()/\\ x")]
    public async Task Any_printable_ASCII_is_a_key(string key)
    {
        var account = await service.NewWithItemsAsync("printable");
        foreach (var form in new[] { key, new string('k', 255) })
        {
            (await service.QueryOnceAsync(account, form, $"insert into item (name) values ('{form.Length}')")).Ok();
            Assert.Equal("true", (await service.QueryOnceAsync(account, form, $"insert into item (name) values ('{form.Length}')")).Replayed());
        }

        Assert.Equal(1, (await service.ScalarAsync(account, "select count(*)::int from _kataven.idempotency where key = $1", key)).GetInt32());
    }

    [Fact]
    public async Task With_what_only_reads_a_key_is_passed_over()
    {
        var account = await service.NewWithItemsAsync("reads");
        var key = KeyedCalls.NewKey();

        var query = new { sql = "select count(*) from item", read_only = true };
        Assert.Null((await service.PostOnceAsync(account, key, query)).Replayed());
        Assert.Null((await service.PostOnceAsync(account, key, query)).Replayed());
        Assert.Equal(200, (await service.TransactionOnceAsync(account, key, new { statements = new[] { new { sql = "select 1" } }, read_only = true })).Status);
        var stream = await service.Client(account).CallAsync(
            HttpMethod.Post, "/api/query", query, ("Idempotency-Key", key), ("Accept", "application/x-ndjson"));
        Assert.Equal(200, stream.Status);
        Assert.Equal(0, await service.KeysAsync(account));
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("text/csv")]
    public async Task An_answer_that_is_streamed_is_not_kept_and_so_refused(string accept)
    {
        var account = await service.NewWithItemsAsync("streams");

        var reply = await service.Client(account).CallAsync(
            HttpMethod.Post, "/api/query", new { sql = "insert into item (name) values ('a') returning id" }, ("Idempotency-Key", "k"), ("Accept", accept));

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains("Idempotency-Key", reply.Text, StringComparison.Ordinal);
        Assert.Equal(0, await service.ItemsAsync(account));
    }

    [Theory]
    [InlineData("begin")]
    [InlineData(" /* c */ COMMIT")]
    [InlineData("rollback")]
    [InlineData("savepoint a")]
    [InlineData("prepare transaction 'a'")]
    [InlineData("start transaction read only")]
    public async Task Transaction_control_is_refused_with_a_key(string sql)
    {
        var account = await service.AccountOfAsync<KeyFormTests>();

        var query = await service.QueryOnceAsync(account, KeyedCalls.NewKey(), sql);
        Assert.Equal((400, "transaction_control"), (query.Status, query.Code));
        var transaction = await service.TransactionOnceAsync(account, KeyedCalls.NewKey(), new { statements = new[] { new { sql = "select 1" }, new { sql } } });
        Assert.Equal((400, "transaction_control", 1), (transaction.Status, transaction.Code, transaction.Json.GetProperty("statement_index").GetInt32()));
        Assert.Equal(200, (await service.PostOnceAsync(account, KeyedCalls.NewKey(), new { sql = "begin", read_only = true })).Status);
    }

    [Theory]
    [InlineData("vacuum", "25001")]
    [InlineData("create index concurrently on item (name)", "25001")]
    [InlineData("do $$ begin insert into item (name) values ('x'); commit; end $$", "2D000")]
    [InlineData("copy item to stdout", "0A000")]
    [InlineData("select $1::int", "08P01")]
    [InlineData("select 1; select 2", "42601")]
    public async Task What_cannot_run_in_a_transaction_is_PostgreSQLs_own_error(string sql, string state)
    {
        var account = await service.NewWithItemsAsync("outside");

        var reply = await service.QueryOnceAsync(account, KeyedCalls.NewKey(), sql);

        Assert.Equal((400, state), (reply.Status, reply.SqlState));
        Assert.Equal((0, 0), (await service.ItemsAsync(account), await service.KeysAsync(account)));
    }
}
