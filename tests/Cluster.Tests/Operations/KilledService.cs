using System.Net;
using System.Text.Json;
using Kataven.Silo.Schema;
using Kataven.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>The service as a process, on a server of its own, with a folder for backups and two migrations.</summary>
public sealed class KilledService : IAsyncLifetime
{
    /// <summary>An account beyond it is cloned by a dump.</summary>
    private const int CloneByCopyUpTo = 12 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly PrivatePostgresFixture _postgres = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kataven-kill-");
    private NpgsqlDataSource? _system;
    private ServiceNode? _first;
    private ServiceNode? _second;

    /// <summary>The one that most tests use alone.</summary>
    public ServiceNode First => _first ?? throw new InvalidOperationException("The fixture has not been started.");

    /// <summary>Another silo of the same cluster, for those that need two.</summary>
    public ServiceNode Second => _second ?? throw new InvalidOperationException("The fixture has not been started.");

    public DirectoryInfo Backups => _folder.CreateSubdirectory("backups");

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        // Pooled: tests look again and again until an operation has ended.
        _system = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = "system", ApplicationName = "test", Pooling = true });
        await SystemSchema.EnsureAsync(_postgres.ConnectionString, NullLogger.Instance, CancellationToken.None);
        await ExecuteAsync(StopPoint.Plant);
        // What a killed process has begun in it runs to its end, as on a server that does not look whether its clients are there.
        await ExecuteAsync("ALTER DATABASE system SET client_connection_check_interval = 0");
        var scripts = _folder.CreateSubdirectory("migrations");
        await File.WriteAllTextAsync(
            Path.Combine(scripts.FullName, "V0001__notes.sql"), "CREATE TABLE note (id integer PRIMARY KEY, text text);\nINSERT INTO note VALUES (1, 'first');\n");
        await File.WriteAllTextAsync(
            Path.Combine(scripts.FullName, "V0002__notes_by_text.sql"), "-- kataven: no transaction\nCREATE INDEX CONCURRENTLY note_text_idx ON note (text);\n");
        var settings = new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__System"] = _postgres.Server.ConnectionString,
            ["Kataven__Backups__Directory"] = Backups.FullName,
            ["Kataven__Backups__CloneByCopyUpTo"] = $"{CloneByCopyUpTo}",
            ["Kataven__Migrations__Directory"] = scripts.FullName,
            ["TMPDIR"] = _folder.CreateSubdirectory("tmp").FullName,
        };
        _first = new ServiceNode("first", settings);
        _second = new ServiceNode("second", settings);
    }

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Has the first run, and the second only where it is asked for.</summary>
    public async Task RunAsync(bool both = false)
    {
        if (!both && Second.IsRunning)
        {
            await Second.Process.StopAsync();
        }

        if (!First.IsRunning)
        {
            await First.StartAsync();
        }

        if (both && !Second.IsRunning)
        {
            await Second.StartAsync();
        }
    }

    /// <summary>Of a superuser; not pooled.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = database, ApplicationName = "test" }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql, string database = "system")
    {
        await using var connection = await OpenForOneAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, string database = "system")
    {
        await using var connection = await OpenForOneAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task RestartServerAsync()
    {
        await _postgres.Server.StopAsync();
        await _postgres.Server.StartAgainAsync();
        _system?.Clear();
    }

    /// <summary>For one statement, which leaves nothing behind in its session.</summary>
    private async Task<NpgsqlConnection> OpenForOneAsync(string database) =>
        database == "system" && _system is not null ? await _system.OpenConnectionAsync() : await OpenAsync(database);

    /// <summary>The newest operation on the account.</summary>
    public Task<Guid> OperationOfAsync(string account) => ScalarAsync<Guid>(
        $"SELECT operation_id FROM kataven.operation WHERE account_id = '{account}' ORDER BY created_at DESC LIMIT 1");

    /// <summary>Returns when it has ended: <c>succeeded</c>, or why not.</summary>
    public async Task<string> EndAsync(Guid operation)
    {
        var status = "";
        try
        {
            await Eventually.Async(
                async () => !(status = await ScalarAsync<string>($"""
                    SELECT CASE status WHEN 'failed' THEN concat_ws(' ', problem ->> 'code', problem ->> 'detail', 'at', step)
                                       WHEN 'running' THEN 'running ' || step ELSE status END
                      FROM kataven.operation WHERE operation_id = '{operation}'
                    """)).StartsWith("running", StringComparison.Ordinal),
                Patience,
                "the operation has ended");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}: {status}\n{First.Output}", exception);
        }

        return status;
    }

    public async Task<Guid> SucceedAsync(Guid operation)
    {
        var status = await EndAsync(operation);
        Assert.True(status == "succeeded", $"{status}\n{First.Output}\n{Second.Output}");
        return operation;
    }

    /// <summary>Begins an operation, and returns its id.</summary>
    public async Task<Guid> BeginAsync(HttpMethod method, string path, object? body = null)
    {
        var (status, answer) = await First.AdminAsync(method, path, body);
        return status == HttpStatusCode.Accepted ? answer.GetProperty("operation_id").GetGuid() : throw new InvalidOperationException($"{status} {answer}");
    }

}
