using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Standalone;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Xunit;

namespace Kataven.Testing.Service;

/// <summary>
/// The whole service as <c>./run</c> starts it, over HTTP, on a server of its own: one for the whole program. Test classes
/// run side by side, so each makes accounts of its own with <see cref="NewAccountAsync"/> and looks at those alone.
/// </summary>
public class ServiceFixture : IAsyncLifetime
{
    private readonly PrivatePostgresFixture _postgres;
    private readonly SocketsHttpHandler _sockets = new() { MaxConnectionsPerServer = 200, UseProxy = false };
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _shared = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"kataven-service-{Guid.NewGuid():N}");
    private WebApplication? _app;
    private NpgsqlDataSource? _system;
    private DevelopmentTokens? _tokens;

    public ServiceFixture() : this(new PrivatePostgresFixture())
    {
    }

    /// <param name="postgres">The server, which this starts and stops.</param>
    protected ServiceFixture(PrivatePostgresFixture postgres) => _postgres = postgres;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Where health and metrics are served to those who operate the service.</summary>
    public Uri Management { get; private set; } = new("http://127.0.0.1");

    /// <summary>Of a superuser, on the whole server; not pooled.</summary>
    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>Without a token.</summary>
    public HttpClient Anonymous { get; private set; } = new();

    public IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException("The fixture has not been started.");

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>The server's major version.</summary>
    public int ServerMajor => _postgres.Server.ServerVersion.Major;

    /// <summary>Configuration as the command line gives it.</summary>
    protected virtual string[] Arguments => ["--Logging:LogLevel:Default=Warning"];

    public virtual async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _system = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "system", ApplicationName = "test", Pooling = true });
        Address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        Management = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        Anonymous = new HttpClient(_sockets, disposeHandler: false) { BaseAddress = Address };
        _tokens = new DevelopmentTokens(Anonymous);
        await StartServiceAsync(await SystemConnectionStringAsync(), Arguments);
    }

    /// <summary>Stops the service and starts another on the same server and port, as after an upgrade of it.</summary>
    public async Task RestartServiceAsync(params string[] arguments)
    {
        await StopServiceAsync();
        await StartServiceAsync(await SystemConnectionStringAsync(), [.. Arguments, .. arguments]);
    }

    /// <summary>What the service logs in with, as an operator would write it: the superuser, unless a fixture says otherwise.</summary>
    protected virtual Task<string> SystemConnectionStringAsync() => Task.FromResult(_postgres.Server.ConnectionString);

    /// <summary>Between the making of the service and its start.</summary>
    protected virtual void Configure(IServiceProvider services)
    {
    }

    /// <summary>Acts for the account, as those do who own it: its token and its header are on each request.</summary>
    public HttpClient Client(string account) => _clients.GetOrAdd(account, name =>
    {
        var client = ClientWithoutHeader(name);
        client.DefaultRequestHeaders.Add("X-Account-ID", name);
        return client;
    });

    /// <summary>Acts for the account with its token alone.</summary>
    public HttpClient ClientWithoutHeader(string account) =>
        new(new DevelopmentTokens.Handler(_tokens!, account, _sockets), disposeHandler: false) { BaseAddress = Address };

    /// <summary>Acts for those who operate the service.</summary>
    public HttpClient AdminClient() => _clients.GetOrAdd(AccountId.Administration.Value, ClientWithoutHeader);

    /// <summary>The account's token, as <c>POST /dev/token</c> gives it.</summary>
    public Task<string> TokenAsync(string account) => _tokens!.GetAsync(account);

    /// <summary>An active account of its own slug, which begins with the prefix. It takes about a tenth of a second.</summary>
    public async Task<string> NewAccountAsync(string prefix = "t", AccountLimits? limits = null)
    {
        var slug = $"{prefix}-{Guid.NewGuid():N}"[..Math.Min(prefix.Length + 9, AccountId.MaxLength)];
        var result = await Grains.GetGrain<IAccountGrain>(slug).CreateAsync(new NewAccount(slug, null, limits ?? AccountLimits.Default));
        return result.Account?.Id.Value ?? throw new InvalidOperationException($"{slug} could not be made: {result.Refusal?.Detail}");
    }

    /// <summary>One account for all tests of a class, which leave it as they find it.</summary>
    public Task<string> AccountOfAsync<TTests>() => AccountOfAsync(typeof(TTests).Name);

    /// <summary>The account of that name, made when it is first asked for.</summary>
    public Task<string> AccountOfAsync(string name) =>
        _shared.GetOrAdd(name, key => new Lazy<Task<string>>(() => NewAccountAsync(key.ToLowerInvariant()))).Value;

    /// <summary>The answer of a statement that succeeds.</summary>
    public async Task<JsonElement> QueryAsync(string account, string sql, params object?[] parameters) =>
        (await TryQueryAsync(account, sql, parameters)).Ok();

    public Task<Reply> TryQueryAsync(string account, string sql, params object?[] parameters) =>
        Client(account).PostAsync("/api/query", new { sql, @params = parameters });

    /// <summary>The only value of the only row.</summary>
    public async Task<JsonElement> ScalarAsync(string account, string sql, params object?[] parameters) =>
        (await QueryAsync(account, sql, parameters)).GetProperty("rows")[0][0];

    /// <summary>A superuser's look at the system database. Pooled: tests look often.</summary>
    public async Task<NpgsqlConnection> OpenSystemAsync() => await _system!.OpenConnectionAsync();

    /// <summary>A superuser's look at a database, an account's for one.</summary>
    public async Task<NpgsqlConnection> OpenInAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>One value of the system database, seen as a superuser.</summary>
    public async Task<T> SystemScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await OpenSystemAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await StopServiceAsync();
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        _sockets.Dispose();
        await _postgres.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task StartServiceAsync(string connectionString, string[] arguments)
    {
        string[] management = [$"--Kataven:Management:Urls={Management.GetLeftPart(UriPartial.Authority)}", "--Kataven:Metrics:BusiestAccounts=1000"];
        _app = StandaloneHost.Build(new StandaloneOptions(Address.Port, _folder, [.. management, .. arguments]), connectionString);
        // A test that failed may have left something that runs: nobody waits long for its end.
        _app.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout = TimeSpan.FromSeconds(8);
        Configure(_app.Services);
        await StandaloneHost.StartAsync(_app, isPrivateServer: true);
    }

    private async Task StopServiceAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
