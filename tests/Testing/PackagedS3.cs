using System.Diagnostics;
using System.Net.Sockets;
using Xunit;

namespace Kataven.Testing;

/// <summary>A server of S3's protocol as an npm package, put below <c>artifacts/</c> when it is first asked for.</summary>
public sealed class PackagedS3 : IAsyncLifetime
{
    public const string Key = "S3RVER";
    public const string Bucket = "backups";

    private const string Package = "s3rver";
    private const string Version = "3.7.1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("kataven-s3-");
    private Process? _server;

    /// <summary>Why it cannot be had; null where it runs.</summary>
    public string? Unavailable { get; private set; }

    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(Artifacts(), $"{Package}-{Version}");
        Unavailable = Directory.Exists(folder) ? null : await InstallAsync(folder);
        if (Unavailable is null)
        {
            var port = FreePort.Take();
            Address = $"http://127.0.0.1:{port}";
            _server = Process.Start(new ProcessStartInfo("node",
                [Path.Combine(folder, "node_modules", Package, "bin", "s3rver.js"), "--directory", _data.FullName, "--address", "127.0.0.1", "--port", $"{port}", "--silent", "--configure-bucket", Bucket])
            { RedirectStandardOutput = true, RedirectStandardError = true });
            await Eventually.Async(() => AnswersAsync(port), TimeSpan.FromSeconds(30), "the server of S3's protocol answers");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        _data.Delete(recursive: true);
    }

    /// <summary>The folder appears whole, or not at all.</summary>
    private static async Task<string?> InstallAsync(string folder)
    {
        var unfinished = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(unfinished);
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm",
                ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", unfinished, $"{Package}@{Version}"])
            { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = unfinished })!;
            var (output, error) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
            await npm.WaitForExitAsync().WaitAsync(Patience);
            await output;
            if (npm.ExitCode != 0)
            {
                return $"npm could not install {Package}: {(await error).Split('\n')[0]}";
            }

            try
            {
                Directory.Move(unfinished, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Another test program was quicker.
            }

            return null;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"npm cannot be used: {exception.Message}";
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }
        }
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Artifacts()
    {
        var folder = AppContext.BaseDirectory.TrimEnd('/');
        while (Path.GetFileName(folder) != "artifacts")
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
