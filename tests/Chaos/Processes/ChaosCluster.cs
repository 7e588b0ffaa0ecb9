using Kataven.Chaos.Network;
using Kataven.Chaos.Runs;
using Kataven.Testing;
using Kataven.Testing.Cluster;
using Npgsql;

namespace Kataven.Chaos.Processes;

/// <summary>
/// PostgreSQL, silos and front doors, each a process. Between a silo and PostgreSQL, and between clients and a front door, is a
/// proxy of ours, whose connections can be cut.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>Connections for accounts: less than all of them together may have.</summary>
    public const int Budget = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<TcpProxy> _proxies = [];

    private ChaosCluster(ChaosServer server, ChaosOptions options, string folder)
    {
        Server = server;
        var shared = new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["Kataven__Cluster__ClusterId"] = $"chaos-{Guid.NewGuid():N}",
            ["Kataven__Connections__Budget"] = $"{Budget}",
            ["Kataven__Migrations__Directory"] = Path.Combine(folder, "migrations"),
            ["Kataven__Backups__Directory"] = Path.Combine(folder, "backups"),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        if (options.Mutation is { } mutation)
        {
            shared["KATAVEN_MUTATION"] = mutation;
        }

        var life = options.Length + TimeSpan.FromMinutes(10);
        Links = [.. Enumerable.Range(0, options.Silos).Select(_ => Proxy(server.Port))];
        Silos = [.. Links.Select((link, i) => new ClusterMember("Silo", $"silo{i + 1}", With(shared, Through(link)), life))];
        var front = With(shared, server.ConnectionString);
        // Tokens name their issuer, which is the same at each front door.
        front["Kataven__Auth__DevelopmentIssuer"] = "http://127.0.0.1:5080";
        Fronts = [.. Enumerable.Range(1, options.Fronts).Select(i => new ClusterMember("Api", $"front{i}", front, life))];
        Doors = [.. Fronts.Select(member => Proxy(member.Address.Port))];
    }

    public ChaosServer Server { get; }

    public IReadOnlyList<ClusterMember> Silos { get; }

    public IReadOnlyList<ClusterMember> Fronts { get; }

    /// <summary>Each silo's way to PostgreSQL.</summary>
    public IReadOnlyList<TcpProxy> Links { get; }

    /// <summary>The clients' way to each front door.</summary>
    public IReadOnlyList<TcpProxy> Doors { get; }

    public IEnumerable<ClusterMember> Members => Silos.Concat(Fronts);

    public string Output => string.Join('\n', Members.Select(member => $"=== {member.Name}\n{member.Output}"));

    /// <param name="options">How many processes, and for how long.</param>
    /// <param name="folder">Gets migrations and backups.</param>
    public static async Task<ChaosCluster> StartAsync(ChaosOptions options, string folder)
    {
        Migrations.Write(Path.Combine(folder, "migrations"));
        var cluster = new ChaosCluster(await ChaosServer.StartAsync(), options, folder);
        try
        {
            foreach (var member in cluster.Members)
            {
                member.Begin();
            }

            foreach (var member in cluster.Members)
            {
                await member.WhenReadyAsync();
            }

            await cluster.WhenWholeAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when each process is ready and an active member, as membership's own table has it.</summary>
    public Task WhenWholeAsync() => Eventually.Async(IsWholeAsync, Patience, "every process is a member");

    public async Task<bool> IsActiveAsync(ClusterMember member) => (await ActiveAsync()).Contains(member.Name);

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    private async Task<bool> IsWholeAsync()
    {
        foreach (var member in Members)
        {
            if (!member.IsRunning || !await member.IsReadyAsync())
            {
                return false;
            }
        }

        return (await ActiveAsync()).Intersect(Members.Select(member => member.Name)).Count() == Members.Count();
    }

    /// <summary>Names of the members whose status is Orleans' 3, active.</summary>
    private Task<HashSet<string>> ActiveAsync() => Server.RepeatAsync("system", async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT siloname FROM orleans.orleansmembershiptable WHERE status = 3", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var names = new HashSet<string>();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    });

    private TcpProxy Proxy(int target)
    {
        var proxy = new TcpProxy(target);
        _proxies.Add(proxy);
        return proxy;
    }

    private string Through(TcpProxy proxy) => new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Port = proxy.Port }.ConnectionString;

    private static Dictionary<string, string> With(Dictionary<string, string> shared, string connectionString) =>
        new(shared) { ["ConnectionStrings__System"] = connectionString };
}
