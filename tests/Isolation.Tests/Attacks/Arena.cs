using System.Globalization;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Isolation.Tests.Attacks;

/// <summary>A hostile account beside its victim, and what the cases call them by.</summary>
public sealed class Arena
{
    /// <summary>Long enough for half a gigabyte to be spilled on a busy machine.</summary>
    private const int StatementTimeoutMs = 30_000;

    private readonly ServiceFixture _service;
    private readonly Dictionary<string, string> _names = [];

    private Arena(ServiceFixture service, string hostile, string victim)
    {
        _service = service;
        (Hostile, Victim) = (hostile, victim);
        Mark = "mark-" + Guid.NewGuid().ToString("N");
    }

    public string Hostile { get; }

    public string Victim { get; }

    /// <summary>Stands in the victim's table and nowhere else.</summary>
    public string Mark { get; }

    public int ServerMajor => _service.ServerMajor;

    public static async Task<Arena> OpenAsync(ServiceFixture service)
    {
        var limits = AccountLimits.Default with { StatementTimeoutMs = StatementTimeoutMs, MaxLanes = 2 };
        var arena = new Arena(service, await service.NewAccountAsync("hostile", limits), await service.NewAccountAsync("victim"));
        await service.QueryAsync(arena.Victim, "CREATE TABLE zz_victim_tab (mark text)");
        await service.QueryAsync(arena.Victim, "INSERT INTO zz_victim_tab VALUES ($1)", arena.Mark);
        await service.QueryAsync(arena.Hostile, "CREATE TABLE own_tab (word text)");
        await service.QueryAsync(arena.Hostile, "INSERT INTO own_tab VALUES ('own')");
        arena._names["SELF_DB"] = arena.Hostile;
        arena._names["SELF_ROLE"] = await arena.SystemTextAsync($"SELECT role_name FROM accounts WHERE account_id = '{arena.Hostile}'");
        arena._names["OTHER_DB"] = arena.Victim;
        arena._names["OTHER_ROLE"] = await arena.SystemTextAsync($"SELECT role_name FROM accounts WHERE account_id = '{arena.Victim}'");
        arena._names["OTHER_MARK"] = arena.Mark;
        arena._names["OTHER_DB_OID"] = await arena.SystemTextAsync($"SELECT oid::text FROM pg_database WHERE datname = '{arena.Victim}'");
        arena._names["OTHER_ROLE_OID"] = await arena.SystemTextAsync($"SELECT oid::text FROM pg_roles WHERE rolname = '{arena._names["OTHER_ROLE"]}'");
        return arena;
    }

    public async Task<string> FillInAsync(string text)
    {
        if (text.Contains("{{OTHER_PID}}", StringComparison.Ordinal))
        {
            await AssertVictimIsServedAsync();
            _names["OTHER_PID"] = await SystemTextAsync($"SELECT coalesce(max(pid), 0)::text FROM pg_stat_activity WHERE datname = '{Victim}'");
        }

        return _names.Aggregate(text, (filled, name) => filled.Replace($"{{{{{name.Key}}}}}", name.Value, StringComparison.Ordinal));
    }

    /// <param name="sql">One statement.</param>
    /// <param name="timeout">The service's deadline for it, or null for the account's.</param>
    public Task<Reply> AttackAsync(string sql, TimeSpan? timeout = null) => timeout is { } limit
        ? _service.Client(Hostile).PostAsync("/api/query", new { sql, timeout_ms = (int)limit.TotalMilliseconds })
        : _service.Client(Hostile).PostAsync("/api/query", new { sql });

    public async Task AssertVictimIsServedAsync()
    {
        var reply = await _service.TryQueryAsync(Victim, "SELECT mark FROM zz_victim_tab");
        Assert.True(reply.Status == 200 && OnlyCell(reply) == Mark, $"The victim is not served with its data: {reply}");
    }

    public async Task AssertHostileIsServedAsync()
    {
        var reply = await _service.TryQueryAsync(Hostile, "SELECT word FROM own_tab");
        Assert.True(reply.Status == 200 && OnlyCell(reply) == "own", $"The hostile account is not served with its own data: {reply}");
    }

    /// <summary>
    /// A backend that searches a very long text hears no signal until it has ended, and DROP DATABASE waits for every backend of
    /// the server: it would be the next test's.
    /// </summary>
    public Task WhenQuietAsync() => Eventually.Async(
        async () => await SystemTextAsync($"SELECT count(*)::text FROM pg_stat_activity WHERE datname = '{Hostile}' AND state <> 'idle'") == "0",
        TimeSpan.FromMinutes(3),
        "nothing of the hostile account runs any more");

    private Task<string> SystemTextAsync(string sql) => _service.SystemScalarAsync<string>(sql);

    private static string? OnlyCell(Reply reply) =>
        reply.Json.GetProperty("rows") is { } rows && rows.GetArrayLength() == 1 && rows[0][0].ValueKind == JsonValueKind.String
            ? rows[0][0].GetString()
            : string.Create(CultureInfo.InvariantCulture, $"{rows.GetArrayLength()} rows");
}
