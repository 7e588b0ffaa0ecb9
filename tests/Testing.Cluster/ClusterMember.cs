using System.Net;
using System.Text;

namespace Kataven.Testing.Cluster;

/// <summary>A silo or a front door: one process after the other at the same addresses.</summary>
public sealed class ClusterMember : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly Dictionary<string, string> _settings;
    private readonly TimeSpan _longestLife;
    private readonly StringBuilder _former = new();
    private readonly HttpClient _management;
    private ServiceProcess? _process;

    /// <param name="program">Silo or Api.</param>
    /// <param name="name">In the cluster's overview.</param>
    /// <param name="settings">Environment variables; addresses are added.</param>
    /// <param name="longestLife">Of each of its processes.</param>
    public ClusterMember(string program, string name, IReadOnlyDictionary<string, string> settings, TimeSpan longestLife)
    {
        (_program, Name, _longestLife) = (program, name, longestLife);
        var management = $"http://127.0.0.1:{FreePort.Take()}";
        Address = new Uri($"http://127.0.0.1:{FreePort.Take()}");
        _management = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(management), Timeout = TimeSpan.FromSeconds(5) };
        _settings = new(settings)
        {
            ["ASPNETCORE_URLS"] = Address.OriginalString,
            ["Kataven__Management__Urls"] = management,
            ["Kataven__Silo__Name"] = name,
        };
        if (program == "Silo")
        {
            _settings["Kataven__Silo__SiloPort"] = $"{FreePort.Take()}";
            _settings["Kataven__Silo__GatewayPort"] = $"{FreePort.Take()}";
        }
    }

    public string Name { get; }

    /// <summary>Where a front door answers.</summary>
    public Uri Address { get; }

    public bool IsRunning => _process is { HasExited: false };

    public ServiceProcess Process => _process ?? throw new InvalidOperationException($"{Name} has not been started.");

    /// <summary>What all of its processes wrote.</summary>
    public string Output => $"{_former}{_process?.Output}";

    /// <summary>Starts a process, and waits for nothing.</summary>
    public void Begin()
    {
        if (_process is { HasExited: false })
        {
            throw new InvalidOperationException($"{Name} is running.");
        }

        _former.Append(_process?.Output);
        _process = ServiceProcess.Start(_program, _settings, _longestLife);
    }

    /// <summary>Starts a process, and returns when it is ready.</summary>
    public async Task StartAsync()
    {
        Begin();
        await WhenReadyAsync();
    }

    public async Task WhenReadyAsync()
    {
        try
        {
            await Eventually.Async(
                async () => IsRunning ? await IsReadyAsync() : throw new InvalidOperationException($"{Name} ended."), Patience, $"{Name} is ready");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{exception.Message}\n{Output}", exception);
        }
    }

    /// <summary>SIGTERM; returns when the process has ended, with how long that took.</summary>
    public Task<TimeSpan> StopAsync() => Process.StopAsync();

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => Process.FreezeAsync();

    /// <summary>SIGCONT.</summary>
    public Task WakeAsync() => Process.WakeAsync();

    /// <summary>SIGTERM, and a new process when the former has ended.</summary>
    /// <returns>How long it took to end.</returns>
    public async Task<TimeSpan> RestartAsync()
    {
        var took = await StopAsync();
        await StartAsync();
        return took;
    }

    /// <summary>Asked at its management address.</summary>
    public async Task<bool> IsReadyAsync() => (await ReadinessAsync()).Status == HttpStatusCode.OK;

    /// <summary>Status 0 where nobody answers.</summary>
    public async Task<(HttpStatusCode Status, string Body)> ReadinessAsync()
    {
        try
        {
            using var response = await _management.GetAsync("/health/ready");
            return (response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return (default, exception.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        _management.Dispose();
    }
}
