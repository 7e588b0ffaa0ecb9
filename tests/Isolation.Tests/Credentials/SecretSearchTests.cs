using System.Collections.Concurrent;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Credentials;

/// <summary>Whatever is asked of the service, and whatever goes wrong: no secret stands in anything that it writes.</summary>
public sealed class SecretSearchTests(SecretService service) : IClassFixture<SecretService>
{
    /// <summary>The sources that the service hands to a collector. Others', as Npgsql's, may carry statements.</summary>
    private static readonly string[] Exported = ["Kataven", "Microsoft.Orleans.Application"];

    private readonly ConcurrentQueue<string> _answers = new();
    private readonly Secrets _secrets = new(service);

    // What accounts send: known to them, so it may come back to them, but to nobody else.
    private readonly string _statement = "statement-" + Guid.NewGuid().ToString("N");
    private readonly string _value = "value-" + Guid.NewGuid().ToString("N");
    private readonly string _chosen = "chosen-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task No_secret_stands_in_logs_spans_metrics_answers_or_the_servers_log()
    {
        using var spans = new SpanRecorder();
        var logged = (await service.ServerLogAsync()).Length;
        await _secrets.AddStandingAsync();
        var account = await CreateAsync();
        await RunStatementsAsync(account);
        await SendTokensAsync(account);
        await AdministerAsync(account);
        await BreakAndHealAsync(account);
        await AdministerAsync(await service.NewHandMadeAsync("quiet", "CREATE TABLE item AS SELECT 1 AS id"));
        var scrapes = new[] { await ScrapeAsync(service.Address), await ScrapeAsync(service.Management) };
        await KeepAsync(service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{account}?confirm={account}&backup=false"));

        await service.SuperuserAsync("postgres", $"DO $$ BEGIN RAISE LOG '{account}'; END $$");

        var exported = spans.Spans.Where(span => Exported.Contains(span.Source)).Select(span => span.Text).ToList();
        var serverLog = (await service.ServerLogAsync())[logged..];

        // The search finds what is there.
        Assert.All<IEnumerable<string>>([service.Log, exported, scrapes, _answers], place => Assert.Contains(place, text => text.Contains(account, StringComparison.Ordinal)));
        Assert.Contains(account, serverLog, StringComparison.Ordinal);
        Assert.Contains(spans.Spans, span => span.Source == "Npgsql" && span.Text.Contains("ALTER ROLE", StringComparison.Ordinal));

        Assert.Empty(_secrets.In(_answers));
        Assert.Empty(_secrets.In(spans.Spans.Select(span => span.Text)));
        foreach (var own in new[] { _statement, _value, _chosen, "SCRAM-SHA-256$" })
        {
            _secrets.Add(own, own);
        }

        Assert.Empty(_secrets.In([serverLog]));
        Assert.Empty(_secrets.In(service.Log));
        Assert.Empty(_secrets.In(exported));
        Assert.Empty(_secrets.In(scrapes));
    }

    [Fact]
    public async Task A_server_that_logs_every_statement_logs_no_password()
    {
        await LogStatementsAsync("ALTER SYSTEM SET log_statement = 'all'");
        var account = await CreateAsync();
        await AdministerAsync(account);
        await AdministerAsync(await service.NewHandMadeAsync("logged"));
        await service.QueryAsync(account, "ALTER ROLE CURRENT_USER PASSWORD NULL");
        await service.CloseLanesAsync(account);
        await service.QueryAsync(account, "SELECT 1");
        await LogStatementsAsync("ALTER SYSTEM RESET log_statement");
        await _secrets.AddStandingAsync();
        await _secrets.AddPasswordsAsync();

        // As they are stored they may: the key opens those, and it is not there. A verifier logs nobody in.
        var log = await service.ServerLogAsync();
        Assert.Contains("ALTER ROLE", log, StringComparison.Ordinal);
        Assert.DoesNotContain(_secrets.In([log]), name => !name.StartsWith("the stored password", StringComparison.Ordinal));
    }

    private async Task LogStatementsAsync(string sql)
    {
        await service.SuperuserAsync("postgres", sql);
        await service.SuperuserAsync("postgres", "SELECT pg_reload_conf()");
    }

    private async Task<string> CreateAsync()
    {
        var account = $"quiet-{Guid.NewGuid():N}"[..14];
        await KeepAsync(service.AdminClient().PostAsync("/api/admin/accounts", new { account_id = account, account_name = "Quiet" }));
        await _secrets.AddPasswordsAsync();
        return account;
    }

    private async Task RunStatementsAsync(string account)
    {
        foreach (var sql in new[]
        {
            "SELECT 1", $"SELECT '{_statement}'", $"SELECT {_statement}", $"SELECT '{_statement}'::int", $"COPY x FROM STDIN /* {_statement} */", $"SELECT 1; -- {_statement}\nSELECT 2",
            $"DO $$ BEGIN RAISE WARNING '{_statement}'; RAISE EXCEPTION '{_statement}' USING errcode = '53200'; END $$", $"SELECT pg_terminate_backend(pg_backend_pid()), '{_statement}'",
            "SELECT rolpassword FROM pg_authid", "SELECT * FROM kataven.credentials", $"BEGIN /* {_statement} */", $"SELECT pg_sleep(2) /* {_statement} */",
        })
        {
            foreach (var accept in new[] { "application/json", "application/x-ndjson", "text/csv" })
            {
                await KeepAsync(service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql, timeout_ms = 200 }, ("Accept", accept)));
            }

            await KeepAsync(service.Client(account).PostAsync("/api/transaction", new { statements = new[] { new { sql } } }));
        }

        await KeepAsync(service.TryQueryAsync(account, "SELECT $1", _value));
        await KeepAsync(service.TryQueryAsync(account, "SELECT $1::int", _value));
        await KeepAsync(service.Client(account).PostAsync("/api/query", $"{{\"sql\": \"{_statement}"));
        await KeepAsync(service.Client(account).PostAsync("/api/query", $"{{\"{_value}\": \"{_statement}\"}}"));
    }

    /// <summary>Good ones, and such as only differ a little from them.</summary>
    private async Task SendTokensAsync(string account)
    {
        var (token, other) = (await service.TokenAsync(account), await service.TokenAsync("somebody"));
        _secrets.AddToken("the account's token", token);
        _secrets.AddToken("another's token", other);
        _secrets.AddToken("the administration's token", await service.TokenAsync("kataven-admin"));
        var (parts, others) = (token.Split('.'), other.Split('.'));
        foreach (var authorization in new[]
        {
            $"Bearer {token}", $"bearer {token}", $"Basic {token}", token, $"Bearer {other}", $"Bearer {token} {other}", $"Bearer {token}x", $"Bearer {token[..^9]}", $"Bearer {parts[0]}.{parts[1]}.",
            $"Bearer {parts[0]}.{others[1]}.{parts[2]}", $"Bearer .{parts[1]}.{parts[2]}", $"Bearer {parts[1]}.{parts[0]}.{parts[2]}", $"Bearer {parts[2]}", $"Token token={token}",
        })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Post, "/api/query"), (HttpMethod.Get, "/api/admin/accounts"), })
            {
                await KeepAsync(service.Anonymous.CallAsync(method, path, method == HttpMethod.Post ? new { sql = "SELECT 1" } : null, ("Authorization", authorization), ("X-Account-ID", account)));
            }
        }

        // Where a token does not belong.
        await KeepAsync(service.ClientWithoutHeader(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = "SELECT 1" }, ("X-Account-ID", token)));
        await KeepAsync(service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = "SELECT 1" }, ("Cookie", $"token={token}"), ("Idempotency-Key", parts[2])));
    }

    private async Task AdministerAsync(string account)
    {
        await KeepAsync(service.TryQueryAsync(account, "SELECT 1"));
        await _secrets.AddPasswordsAsync();
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, $"accounts/{account}/credentials/rotation"), (HttpMethod.Post, $"accounts/{account}/isolation/repair"), (HttpMethod.Get, $"accounts/{account}/isolation"),
            (HttpMethod.Get, $"accounts/{account}"), (HttpMethod.Get, "accounts"), (HttpMethod.Get, "isolation"), (HttpMethod.Get, "pools"), (HttpMethod.Get, "cluster"), (HttpMethod.Get, "audit"),
            (HttpMethod.Put, $"accounts/{account}/suspension"), (HttpMethod.Delete, $"accounts/{account}/suspension"), (HttpMethod.Delete, $"pools/{account}"), (HttpMethod.Post, $"pools/{account}/warmth"),
        })
        {
            await KeepAsync(service.AdminClient().CallAsync(method, $"/api/admin/{path}", path.EndsWith("suspension", StringComparison.Ordinal) ? new { reason = "A test." } : null));
        }

        await _secrets.AddPasswordsAsync();
        await KeepAsync(service.TryQueryAsync(account, "SELECT 1"));
    }

    /// <summary>The account changes its password, somebody else does, and the stored one is spoilt.</summary>
    private async Task BreakAndHealAsync(string account)
    {
        await service.QueryAsync(account, $"ALTER ROLE CURRENT_USER PASSWORD '{_chosen}'");
        await service.CloseLanesAsync(account);
        Assert.Equal(200, (await KeepAsync(service.TryQueryAsync(account, "SELECT 1"))).Status);

        await service.SuperuserAsync("postgres", $"ALTER ROLE {await service.RoleOfAsync(account)} PASSWORD 'wrong' CONNECTION LIMIT 0");
        await service.CloseLanesAsync(account);
        Assert.Equal(200, (await KeepAsync(service.TryQueryAsync(account, "SELECT 1"))).Status);

        await service.SuperuserAsync("system", $"UPDATE kataven.credentials SET password = reverse(password) WHERE account_id = '{account}'");
        await service.CloseLanesAsync(account);
        await KeepAsync(service.TryQueryAsync(account, "SELECT 1"));
        await service.SuperuserAsync("system", $"UPDATE kataven.credentials SET password = overlay(reverse(password) placing 'AAAA' from 9) WHERE account_id = '{account}'");
        await service.CloseLanesAsync(account);
        Assert.InRange((await KeepAsync(service.TryQueryAsync(account, "SELECT 1"))).Status, 500, 503);
        await KeepAsync(service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/isolation/repair"));
        await KeepAsync(service.AdminClient().CallAsync(HttpMethod.Post, $"/api/admin/accounts/{account}/credentials/rotation"));
        await _secrets.AddPasswordsAsync();
        Assert.Equal(200, (await KeepAsync(service.TryQueryAsync(account, "SELECT 1"))).Status);
    }

    private async Task<string> ScrapeAsync(Uri address) => (await service.Anonymous.CallAsync(HttpMethod.Get, new Uri(address, "/metrics").ToString())).Text;

    private async Task<Reply> KeepAsync(Task<Reply> call)
    {
        var reply = await call;
        _answers.Enqueue($"{reply.Status}\n{reply.Headers}\n{reply.ContentHeaders}\n{reply.Text}");
        return reply;
    }
}
