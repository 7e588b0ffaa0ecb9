using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

public sealed class TlsTests(SealedCluster shared) : IClassFixture<SealedCluster>, IDisposable
{
    private const string Refused = "Authentication failed";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] Whole = ["front:front1:active", "silo:silo1:active", "silo:silo2:active"];

    /// <summary>Of a process that knows nothing of certificates.</summary>
    private static readonly Dictionary<string, string> None = new()
    {
        ["Kataven__Cluster__Tls__CertificateFile"] = "",
        ["Kataven__Cluster__Tls__KeyFile"] = "",
        ["Kataven__Cluster__Tls__AuthorityFile"] = "",
    };

    private readonly TestAuthority _another = new();

    private TestAuthority Authority => shared.Authority;

    public void Dispose() => _another.Dispose();

    [Fact]
    public async Task A_cluster_with_certificates_serves_and_whoever_has_none_of_its_authority_neither_joins_nor_calls()
    {
        var cluster = await shared.WholeAsync();
        Assert.Equal(Whole, await cluster.MembersAsync());
        await cluster.CreateAccountAsync("sealed");
        Assert.Equal(HttpStatusCode.OK, (await cluster.Calls.QueryAsync("sealed", "CREATE TABLE written (number int)")).Status);
        await using var client = AccountClient.Writer(cluster, "sealed");

        foreach (var port in cluster.Silos.SelectMany(silo => new[] { silo.Ports.Silo, silo.Ports.Gateway }))
        {
            Assert.False(await IsLetInAsync(port, null));
            Assert.False(await IsLetInAsync(port, Load(_another.Sign("stranger"))));
            await AssertNothingIsToldInClearAsync(port);
        }

        foreach (var (name, settings) in new[] { ("bare", None), ("stranger", _another.Settings("stranger")) })
        {
            var before = Count(cluster.Output);
            cluster.Add("Silo", name, settings).Begin();
            await Eventually.Async(() => Count(cluster.Output) > before, Patience, $"{name} is refused");
            Assert.DoesNotContain($"silo:{name}:active", await cluster.MembersAsync());

            var front = cluster.Add("Api", $"{name}front", new Dictionary<string, string>(settings)
            {
                ["Kataven__Cluster__Front"] = "Client",
                ["Kataven__Cluster__StartDeadline"] = "00:00:03",
            });
            front.Begin();
            await Eventually.Async(() => !front.IsRunning, Patience, $"a client that is {name} gives up");
        }

        Assert.Empty(Whole.Except(await cluster.MembersAsync()));
        await client.StopAsync();
        Assert.Empty(client.Troubles);
        Assert.True(client.Answered > 10, $"{client.Answered} answers");
    }

    [Fact]
    public async Task A_client_of_the_gateways_has_a_certificate_too()
    {
        var cluster = await shared.WholeAsync();
        await cluster.CreateAccountAsync("sealedoutside");
        var front = cluster.Add("Api", "outside", new Dictionary<string, string> { ["Kataven__Cluster__Front"] = "Client" });
        await front.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await cluster.CallsOf(front).QueryAsync("sealedoutside", "SELECT 1")).Status);
    }

    [Fact]
    public async Task A_certificate_that_is_replaced_while_the_process_runs_is_used_by_new_connections()
    {
        var cluster = await shared.WholeAsync();
        await cluster.CreateAccountAsync("renewed");
        var port = cluster.Silos[0].Ports.Silo;

        var (_, _, renewed) = Authority.Sign("member");
        Assert.Equal(renewed, await SerialAsync(port));

        Authority.Write("member.key", "half of a key");
        Assert.Equal(renewed, await SerialAsync(port));
        await Eventually.Async(() => cluster.Silos[0].Output.Contains("stays what it was", StringComparison.Ordinal), Patience, "the log says so");

        // A process that joins now opens new connections, and is let in.
        var (_, _, last) = Authority.Sign("member");
        await cluster.Add("Silo", "late").StartAsync();
        await Eventually.Async(async () => (await cluster.MembersAsync()).Contains("silo:late:active"), Patience, "it has joined");
        Assert.Equal(last, await SerialAsync(port));
        Assert.Equal(HttpStatusCode.OK, (await cluster.Calls.QueryAsync("renewed", "SELECT 1")).Status);
    }

    private static int Count(string output) => output.Split(Refused).Length - 1;

    private static X509Certificate2 Load((string Certificate, string Key, string Serial) files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    private async Task<string> SerialAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        using var own = Load(Authority.Sign("asker"));
        await tls.AuthenticateAsClientAsync(Options(own), TestContext.Current.CancellationToken);
        using var certificate = new X509Certificate2(tls.RemoteCertificate!);
        return certificate.SerialNumber;
    }

    /// <summary>With TLS 1.3 the client learns with its first read that it is not wanted.</summary>
    private static async Task<bool> IsLetInAsync(int port, X509Certificate2? own)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        await using var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        try
        {
            await tls.AuthenticateAsClientAsync(Options(own), limit.Token);
            return await tls.ReadAsync(new byte[1], limit.Token) > 0;
        }
        catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
        finally
        {
            own?.Dispose();
        }
    }

    private static async Task AssertNothingIsToldInClearAsync(int port)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
        var stream = client.GetStream();
        var told = new MemoryStream();
        try
        {
            await stream.WriteAsync(new byte[64], limit.Token);
            await stream.CopyToAsync(told, limit.Token);
        }
        catch (IOException)
        {
            // Reset: it says no more.
        }

        // At most an alert of TLS, which is a record of the type 21.
        Assert.True(told.Length == 0 || (told.Length < 16 && told.ToArray()[0] == 21), Convert.ToHexString(told.ToArray()));
    }

    private static SslClientAuthenticationOptions Options(X509Certificate2? own) => new()
    {
        TargetHost = "",
        ClientCertificates = own is null ? null : [own],
    };
}
