using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kataven.Postgres.Embedded;

namespace Kataven.Fuzz.Runs;

/// <summary>A throwaway PostgreSQL server, and the service in a process of its own, so that its memory can be measured.</summary>
internal sealed class OwnService : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;
    private readonly Process _process;

    private OwnService(EmbeddedPostgres server, Process process, Uri address) =>
        (_server, _process, Target) = (server, process, new FuzzTarget(address, server.ConnectionString, process.Id));

    public FuzzTarget Target { get; }

    /// <param name="program">The built <c>Kataven.Standalone.dll</c>.</param>
    /// <param name="log">The file that gets what the service says.</param>
    public static async Task<OwnService> StartAsync(string program, string log)
    {
        var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(Path.GetTempPath(), "kataven-fuzz-" + Guid.NewGuid().ToString("N")),
            FastUnsafe = true,
            DeleteOnDispose = true,
        });
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec dotnet \"$0\" --port \"$1\" --Logging:LogLevel:Default=Warning >\"$2\" 2>&1", program, $"{address.Port}", log]);
        start.Environment["ConnectionStrings__System"] = server.ConnectionString;
        var service = new OwnService(server, Process.Start(start)!, address);
        await service.WaitAsync();
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _server.DisposeAsync();
    }

    private async Task WaitAsync()
    {
        using var http = new HttpClient { BaseAddress = Target.Address };
        for (var tries = 0; ; tries++)
        {
            try
            {
                await Stage.TokenAsync(http, "kataven-admin");
                return;
            }
            catch (HttpRequestException) when (tries < 300 && !_process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
