using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Isolation.Tests.Servers;
using Kataven.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Isolation.Tests.Migrations;

/// <summary>An account of one test, and runs of scripts on it.</summary>
internal sealed class MigrationBench
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ArenaService _service;

    private MigrationBench(ArenaService service, string account, Credential credential)
    {
        (_service, Account, Credential) = (service, account, credential);
        Id = AccountId.Parse(account);
    }

    public string Account { get; }

    public AccountId Id { get; }

    public Credential Credential { get; }

    public MigrationOptions Options { get; } = new() { LockTimeout = TimeSpan.FromSeconds(5) };

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<MigrationBench> NewAsync(ArenaService service, params string[] statements)
    {
        var bench = await OfAsync(service, await service.NewAccountAsync("mig"));
        await using var connection = await bench.OpenAsAccountAsync("a test");
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        return bench;
    }

    public static async Task<MigrationBench> OfAsync(ArenaService service, string account) =>
        new(service, account, (await service.Services.GetRequiredService<CredentialStore>().FindAsync(AccountId.Parse(account), Cancellation))!);

    public static MigrationScript[] Scripts(params string[] texts) => [.. texts.Select((sql, i) => new MigrationScript(i + 1, $"script {i + 1}", sql))];

    public MigrationRunner Runner(params MigrationScript[] scripts)
    {
        var services = _service.Services;
        var (role, time) = (services.GetRequiredService<AccountRole>(), TimeProvider.System);
        return new MigrationRunner(
            new MigrationScripts(scripts), Sessions, new MigrationSettlement(role, time), new TransactionRun(time), new StatementwiseRun(time));
    }

    public MigrationSessions Sessions => new(
        _service.Services.GetRequiredService<SystemDatabase>(),
        _service.Services.GetRequiredService<AccountDatabase>(),
        _service.Services.GetRequiredService<AccountRole>(),
        _service.Services.GetRequiredService<IsolationAlarm>(),
        _service.Services.GetRequiredService<ConnectionSlots>(),
        Microsoft.Extensions.Options.Options.Create(Options),
        TimeProvider.System);

    public Task<MigrationResult> ApplyAsync(params string[] texts) => ApplyAsync(Scripts(texts));

    public Task<MigrationResult> ApplyAsync(MigrationScript[] scripts, Func<string, Task>? step = null, int? target = null, CancellationToken? cancellation = null) =>
        Runner(scripts).ApplyAsync(Id, Credential, target, (name, _) => step?.Invoke(name) ?? Task.CompletedTask, cancellation ?? Cancellation).WaitAsync(Patience, Cancellation);

    public Task<MigrationStatus> StatusAsync(params MigrationScript[] scripts) => Runner(scripts).StatusAsync(Id, Credential, Cancellation);

    /// <summary>What ends when one of these steps is about to be done.</summary>
    public static Func<string, Task> At(string step, Func<Task> act) => name => name == step ? act() : Task.CompletedTask;

    /// <summary>Runs in a session of the account's own role.</summary>
    public async Task AsAccountAsync(string sql)
    {
        await using var connection = await OpenAsAccountAsync("a test");
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async Task<NpgsqlConnection> OpenAsAccountAsync(string applicationName)
    {
        var login = await _service.LoginOfAsync(Account);
        (login.ApplicationName, login.Pooling) = (applicationName, false);
        var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    public Task SuperuserAsync(string sql) => _service.SuperuserAsync(Account, sql);

    public Task<T> ScalarAsync<T>(string sql) => _service.SuperuserScalarAsync<T>(Account, sql);

    public Task<bool> ExistsAsync(string relation) => ScalarAsync<bool>($"SELECT to_regclass('{relation}') IS NOT NULL");

    /// <summary>Versions and states, as they are written down.</summary>
    public Task<string> HistoryAsync() =>
        ScalarAsync<string>("SELECT coalesce(string_agg(version || ' ' || state, ', ' ORDER BY version), '') FROM _kataven.migration");

    /// <summary>Connections of scripts that are there.</summary>
    public Task<long> ConnectionsAsync() => ScalarAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kataven-migration'");

    /// <summary>Ends the connection of the scripts under it.</summary>
    public Task KillAsync() => SuperuserAsync(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'kataven-migration'");
}
