using Kataven.Accounts;
using Kataven.Errors;
using Orleans.Runtime;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Accounts;

/// <summary>What those who operate the service are told, and what the audit log says, where a silo is lost under their calls.</summary>
public sealed class LostAnswerTests
{
    private const string Creation = """{"account_id":"acme","account_name":"Acme"}""";

    private static readonly Account Acme = new()
    {
        Id = AccountId.Parse("acme"),
        Name = "Acme",
        Status = AccountStatus.Active,
        Limits = AccountLimits.Default,
        CreatedAt = TimeProvider.System.GetUtcNow(),
        Version = 1,
    };

    public static TheoryData<string, string, string?> Repeatable { get; } = new()
    {
        { "POST", "", Creation },
        { "PATCH", "/acme", """{"account_name":"Acme"}""" },
        { "PUT", "/acme/suspension", """{"reason":"late"}""" },
        { "DELETE", "/acme/suspension", null },
    };

    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task A_change_that_can_be_made_twice_is_made_again(string method, string path, string? body)
    {
        await using var front = await AdministrationFront.StartAsync(Lost, Lost, Done);

        var (status, _) = await front.CallAsync(new HttpMethod(method), path, body);

        Assert.Equal(path.Length == 0 ? 201 : 200, status);
        Assert.Equal([("succeeded", status)], front.Audit.Ends);
    }

    [Theory]
    [InlineData("PATCH", "/acme", """{"account_name":"Acme"}""")]
    [InlineData("PUT", "/acme/suspension", null)]
    [InlineData("DELETE", "/acme/suspension", null)]
    public async Task A_change_is_made_to_the_account_as_it_is_each_try_as_it_was_when_the_first_was_made(string method, string path, string? body)
    {
        AdministrationFront? front = null;
        var started = await AdministrationFront.StartAsync(
            Lost,
            () =>
            {
                front!.Catalog.Account = AccountResult.Of(Acme with { Version = 2 });
                return AccountResult.Stale;
            },
            Done);
        await using var disposed = front = started;
        front.Catalog.Account = AccountResult.Of(Acme);

        Assert.Equal(200, (await front.CallAsync(new HttpMethod(method), path, body)).Status);
        Assert.Equal([1, 1, 2], front.Account.Versions);
    }

    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task One_that_is_never_answered_is_unknown_to_its_caller_and_in_the_log(string method, string path, string? body)
    {
        await using var front = await AdministrationFront.StartAsync(Lost);

        Assert.Equal((503, "outcome_unknown"), await front.CallAsync(new HttpMethod(method), path, body));
        Assert.Equal([("outcome_unknown", 503)], front.Audit.Ends);
    }

    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task One_that_reached_no_silo_is_known_not_to_have_happened(string method, string path, string? body)
    {
        await using var front = await AdministrationFront.StartAsync(() => throw new GatewayTooBusyException());

        Assert.Equal((503, "database_unavailable"), await front.CallAsync(new HttpMethod(method), path, body));
        Assert.Equal([("database_unavailable", 503)], front.Audit.Ends);
    }

    [Fact]
    public async Task A_deletion_is_asked_for_once_and_then_unknown()
    {
        await using var front = await AdministrationFront.StartAsync(Done);

        Assert.Equal((503, "outcome_unknown"), await front.CallAsync(HttpMethod.Delete, "/acme?confirm=acme"));
        Assert.Equal([("outcome_unknown", 503)], front.Audit.Ends);
        Assert.Single(front.Account.Calls);
    }

    [Fact]
    public async Task A_creation_that_had_ended_before_its_repetition_is_answered_with_its_account()
    {
        await using var front = await AdministrationFront.StartAsync(Lost, Taken);
        front.Catalog.Account = AccountResult.Of(Acme with { CreatedAt = TimeProvider.System.GetUtcNow() });

        Assert.Equal((201, null), await front.CallAsync(HttpMethod.Post, "", Creation));
    }

    [Theory]
    [InlineData("another name", 0)]
    [InlineData("Acme", 10)]
    public async Task Where_the_account_may_be_somebody_elses_that_is_unknown(string name, int minutes)
    {
        await using var front = await AdministrationFront.StartAsync(Lost, Taken);
        front.Catalog.Account = AccountResult.Of(Acme with { Name = name, CreatedAt = TimeProvider.System.GetUtcNow().AddMinutes(-minutes) });

        Assert.Equal((503, "outcome_unknown"), await front.CallAsync(HttpMethod.Post, "", Creation));
    }

    [Fact]
    public async Task A_slug_that_is_taken_is_so_where_nothing_was_lost()
    {
        await using var front = await AdministrationFront.StartAsync(Taken);
        front.Catalog.Account = AccountResult.Of(Acme with { CreatedAt = TimeProvider.System.GetUtcNow() });

        Assert.Equal((409, "account_exists"), await front.CallAsync(HttpMethod.Post, "", Creation));
    }

    [Fact]
    public async Task A_question_is_asked_again_and_its_answer_is_never_unknown()
    {
        await using var front = await AdministrationFront.StartAsync(Done);
        front.Catalog.Failures = 2;
        Assert.Equal((404, "account_not_found"), await front.CallAsync(HttpMethod.Get, "/acme"));

        front.Catalog.Failures = int.MaxValue;
        Assert.Equal((503, "database_unavailable"), await front.CallAsync(HttpMethod.Get, "/acme"));
    }

    [Fact]
    public async Task The_log_is_written_again_where_its_answer_is_lost()
    {
        await using var front = await AdministrationFront.StartAsync(Done);
        (front.Audit.LostBeginnings, front.Audit.LostEnds) = (2, 2);

        Assert.Equal((200, null), await front.CallAsync(HttpMethod.Delete, "/acme/suspension"));
        Assert.Equal([("succeeded", 200)], front.Audit.Ends);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_done()
    {
        await using var front = await AdministrationFront.StartAsync(Done);
        front.Audit.LostBeginnings = int.MaxValue;

        Assert.Equal((503, "database_unavailable"), await front.CallAsync(HttpMethod.Delete, "/acme/suspension"));
        Assert.Empty(front.Account.Calls);
    }

    private static AccountResult Done() => AccountResult.Of(Acme);

    private static AccountResult Lost() => throw new SiloUnavailableException();

    private static AccountResult Taken() => AccountResult.Refused(Refusal.Of(ErrorCode.AccountExists, "The slug is taken."));
}
