using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Kataven.Cluster.Tests.Silos;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Processes;

/// <summary>Two silos and a front door, each a process, joined through the system database.</summary>
public sealed class RealCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly List<ServiceProcess> _silos = [];
    private readonly ServiceProcess _front;
    private readonly string _connectionString;
    private readonly string _clusterId = $"test-{Guid.NewGuid():N}";

    private RealCluster(ClusterServer server, string frontKind)
    {
        _connectionString = server.ServiceConnectionString;
        Start("one");
        Start("two");
        var address = $"http://127.0.0.1:{FreePort()}";
        _http.BaseAddress = new Uri(address);
        _front = ServiceProcess.Start("Api", Settings(new()
        {
            ["ASPNETCORE_URLS"] = address,
            ["Kataven__Auth__DevelopmentIssuer"] = address,
            ["Kataven__Cluster__Front"] = frontKind,
            ["Kataven__Silo__Name"] = "front",
        }));
    }

    public IReadOnlyList<ServiceProcess> Silos => _silos;

    public string Output => string.Join('\n', _silos.Append(_front).Select(process => process.Output));

    /// <param name="server">Has the system database.</param>
    /// <param name="frontKind">Silo or Client.</param>
    public static async Task<RealCluster> StartAsync(ClusterServer server, string frontKind)
    {
        var cluster = new RealCluster(server, frontKind);
        try
        {
            await Eventually.Async(cluster.IsWholeAsync, Patience, "both silos and the front door are there");
            return cluster;
        }
        catch (TimeoutException exception)
        {
            var output = cluster.Output;
            await cluster.DisposeAsync();
            throw new TimeoutException($"{exception.Message}\n{output}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _silos.Append(_front))
        {
            await process.DisposeAsync();
        }

        _http.Dispose();
    }

    public async Task CreateAccountAsync(string account)
    {
        var answer = await SendAsync(await TokenAsync("kataven-admin"), HttpMethod.Post, "/api/admin/accounts", new { account_id = account, account_name = account });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
    }

    /// <summary>The members that are alive, as <c>role:name:status</c>.</summary>
    public async Task<string[]> MembersAsync()
    {
        var answer = await SendAsync(await TokenAsync("kataven-admin"), HttpMethod.Get, "/api/admin/cluster", null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Body.GetProperty("silos").EnumerateArray()
            .Select(silo => $"{silo.GetProperty("role")}:{silo.GetProperty("name")}:{silo.GetProperty("status")}").Order(StringComparer.Ordinal)];
    }

    public async Task<string> TokenAsync(string account)
    {
        using var response = await _http.PostAsJsonAsync("/dev/token", new { account_id = account });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> QueryAsync(string token, string sql) =>
        SendAsync(token, HttpMethod.Post, "/api/query", new { sql });

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string token, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    private async Task<bool> IsWholeAsync()
    {
        try
        {
            return (await MembersAsync()).Count(member => member.StartsWith("silo:", StringComparison.Ordinal)
                && member.EndsWith(":active", StringComparison.Ordinal)) == 2;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or Xunit.Sdk.XunitException)
        {
            return false;
        }
    }

    private void Start(string name) => _silos.Add(ServiceProcess.Start("Silo", Settings(new()
    {
        ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{FreePort()}",
        ["Kataven__Silo__SiloPort"] = $"{FreePort()}",
        ["Kataven__Silo__GatewayPort"] = $"{FreePort()}",
        ["Kataven__Silo__Name"] = name,
    })));

    private Dictionary<string, string> Settings(Dictionary<string, string> own) => new(own)
    {
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["ConnectionStrings__System"] = _connectionString,
        ["Kataven__Cluster__ClusterId"] = _clusterId,
        ["Kataven__Management__Urls"] = $"http://127.0.0.1:{FreePort()}",
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
