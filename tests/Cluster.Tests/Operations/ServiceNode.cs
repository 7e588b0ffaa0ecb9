using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>Front door and silo in one process, which is started again at the same addresses after it was killed.</summary>
public sealed class ServiceNode(string name, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly (int Door, int Silo, int Management) _ports = (FreePort.Take(), FreePort.Take(), FreePort.Take());
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _tokens = new();
    private readonly SocketsHttpHandler _sockets = new() { UseProxy = false };
    private HttpClient? _http;
    private ServiceProcess? _process;

    public bool IsRunning => _process is { HasExited: false };

    public string Output => _process?.Output ?? "";

    public ServiceProcess Process => _process ?? throw new InvalidOperationException("It has not been started.");

    private HttpClient Http => _http ??= new HttpClient(_sockets) { BaseAddress = new Uri($"http://127.0.0.1:{_ports.Door}"), Timeout = Patience };

    /// <summary>Returns when it answers.</summary>
    public async Task StartAsync()
    {
        await EndAsync();
        _process = ServiceProcess.Start(
            "Standalone",
            new Dictionary<string, string>(settings)
            {
                ["Kataven__Silo__Name"] = name,
                ["Kataven__Silo__SiloPort"] = $"{_ports.Silo}",
                ["Kataven__Management__Urls"] = $"http://127.0.0.1:{_ports.Management}",
            },
            "--port",
            $"{_ports.Door}");
        try
        {
            await Eventually.Async(async () => IsRunning ? await IsReadyAsync() : throw new InvalidOperationException("It ended."), Patience, "the service answers");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Output}", exception);
        }
    }

    public Task KillAsync() => Process.KillAsync();

    /// <summary>Whatever it does.</summary>
    public async Task EndAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>A call of those who operate the service.</summary>
    public Task<(HttpStatusCode Status, JsonElement Body)> AdminAsync(HttpMethod method, string path, object? body = null) =>
        CallAsync("kataven-admin", method, "/api/admin" + path, body);

    /// <summary>A call of those who own the account.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(string account, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(account));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _http?.Dispose();
        _sockets.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return (await AdminAsync(HttpMethod.Get, "/operations?limit=1")).Status == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return false;
        }
    }

    /// <summary>Its key lies in the system database: a token outlives the process that gave it.</summary>
    private async Task<string> TokenAsync(string account)
    {
        try
        {
            return await _tokens.GetOrAdd(account, of => new Lazy<Task<string>>(() => AskAsync(of))).Value;
        }
        catch
        {
            _tokens.TryRemove(account, out _);
            throw;
        }
    }

    private async Task<string> AskAsync(string account)
    {
        using var response = await Http.PostAsJsonAsync("/dev/token", new { account_id = account });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
