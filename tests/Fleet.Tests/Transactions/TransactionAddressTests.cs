using Kataven.Accounts;
using Kataven.Testing.Service;
using Kataven.Transactions;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>Which transaction an id stands for, and for whom.</summary>
public sealed class TransactionAddressTests(ServiceFixture service)
{
    [Fact]
    public async Task To_another_accounts_token_it_does_not_exist()
    {
        var (owner, other) = (await service.NewAccountAsync("owner"), await service.NewAccountAsync("other"));
        var id = await service.BeginAsync(owner);
        var ended = await service.BeginAsync(owner);
        (await service.CommitAsync(owner, ended)).Ok();

        foreach (var foreign in new[] { id, ended })
        {
            await AssertNotFoundAsync(other, foreign);
        }

        Assert.Equal(1, (await service.ScalarInAsync(owner, id, "select 1")).GetInt32());
        (await service.CommitAsync(owner, id)).Ok();
    }

    [Theory]
    [InlineData("1")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("%20AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task One_that_was_never_given_out_does_not_exist(string id) =>
        await AssertNotFoundAsync(await service.AccountOfAsync<TransactionAddressTests>(), id);

    [Fact]
    public async Task An_id_that_was_changed_does_not_exist()
    {
        var account = await service.AccountOfAsync<TransactionAddressTests>();
        var id = await service.BeginAsync(account);
        for (var i = 0; i < id.Length; i += 5)
        {
            await AssertNotFoundAsync(account, $"{id[..i]}{(id[i] == 'x' ? 'y' : 'x')}{id[(i + 1)..]}");
        }

        (await service.RollBackAsync(account, id)).Ok();
    }

    [Fact]
    public async Task One_whose_owner_nobody_remembers_has_ended()
    {
        var account = await service.NewAccountAsync("forgotten");

        await service.AssertLostAsync(account, TransactionId.New(AccountId.Parse(account)).Value, "has ended, or its silo was lost");
    }

    [Fact]
    public async Task Its_routes_are_the_accounts_own()
    {
        var account = await service.AccountOfAsync<TransactionAddressTests>();
        var anonymous = await service.Anonymous.PostAsync("/api/transactions", new { });
        var foreign = await service.Client(account).CallAsync(HttpMethod.Post, "/api/transactions", new { }, ("X-Account-ID", "globex"));

        Assert.Equal((401, "unauthorized"), (anonymous.Status, anonymous.Code));
        Assert.Equal((403, "account_forbidden"), (foreign.Status, foreign.Code));
        Assert.Equal(405, (await service.Client(account).CallAsync(HttpMethod.Get, "/api/transactions")).Status);
    }

    [Theory]
    [InlineData("""{"isolation_level":"chaos"}""", "isolation_level")]
    [InlineData("""{"read_only":"yes"}""", "read_only")]
    [InlineData("""{"statements":[]}""", "statements")]
    [InlineData("""{"read_only":true,"read_only":true}""", "read_only")]
    [InlineData("[]", "object")]
    [InlineData("{", "JSON")]
    public async Task A_body_of_another_form_is_told_what_is_wrong(string body, string member)
    {
        var reply = await service.TryBeginAsync(await service.AccountOfAsync<TransactionAddressTests>(), body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(member, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_repeating_is_refused_and_nothing_runs()
    {
        var account = await service.AccountOfAsync<TransactionAddressTests>();
        var id = await service.BeginAsync(account);

        var begin = await service.Client(account).CallAsync(HttpMethod.Post, "/api/transactions", new { }, ("Idempotency-Key", "k"));
        var query = await service.Client(account).CallAsync(HttpMethod.Post, $"/api/transactions/{id}/query", new { sql = "select 1/0" }, ("Idempotency-Key", "k"));

        Assert.Equal((400, "invalid_request"), (begin.Status, begin.Code));
        Assert.Equal((400, "invalid_request"), (query.Status, query.Code));
        (await service.CommitAsync(account, id)).Ok();
    }

    [Fact]
    public async Task A_stream_is_not_to_be_had_inside_and_the_answer_is_JSON()
    {
        var account = await service.AccountOfAsync<TransactionAddressTests>();
        var id = await service.BeginAsync(account);

        var reply = await service.Client(account).CallAsync(
            HttpMethod.Post, $"/api/transactions/{id}/query", new { sql = "select 1 as n" }, ("Accept", "application/x-ndjson"));

        Assert.Equal("application/json", reply.ContentType);
        Assert.Equal("[[1]]", reply.Ok().GetProperty("rows").GetRawText());
        (await service.RollBackAsync(account, id)).Ok();
    }

    private async Task AssertNotFoundAsync(string account, string id)
    {
        Reply[] replies =
        [
            await service.TryQueryInAsync(account, id, "select 1"),
            await service.CommitAsync(account, id),
            await service.RollBackAsync(account, id),
        ];
        Assert.All(replies, reply => Assert.Equal((404, "not_found"), (reply.Status, reply.Code)));
    }
}
