using System.Net;
using System.Text.Json;

namespace Kataven.Testing.Cluster;

/// <summary>Silos and front doors, each a process, joined through the system database.</summary>
public sealed class RealCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ClusterCalls> _calls = [];

    private RealCluster(string connectionString, ClusterPlan plan)
    {
        var settings = new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__System"] = connectionString,
            ["Kataven__Cluster__ClusterId"] = $"test-{Guid.NewGuid():N}",
            ["Kataven__Cluster__Front"] = plan.FrontKind,
        };
        foreach (var (name, value) in plan.Settings)
        {
            settings[name] = value;
        }

        Silos = [.. Enumerable.Range(1, plan.Silos).Select(i => new ClusterMember("Silo", $"silo{i}", settings, plan.LongestLife))];
        Fronts = [.. Enumerable.Range(1, plan.Fronts).Select(i => new ClusterMember("Api", $"front{i}", settings, plan.LongestLife))];
        _calls.AddRange(Fronts.Select(front => new ClusterCalls(front.Address)));
    }

    /// <summary>Named silo1, silo2, and so on.</summary>
    public IReadOnlyList<ClusterMember> Silos { get; }

    /// <summary>Named front1, front2, and so on.</summary>
    public IReadOnlyList<ClusterMember> Fronts { get; }

    public IEnumerable<ClusterMember> Members => Silos.Concat(Fronts);

    /// <summary>Of the first front door that runs.</summary>
    public ClusterCalls Calls => CallsOf(Fronts.First(front => front.IsRunning));

    public string Output => string.Join('\n', Members.Select(member => $"=== {member.Name}\n{member.Output}"));

    /// <param name="connectionString">Of a server and of a role that may make databases and roles on it.</param>
    /// <param name="plan">What the cluster has.</param>
    public static async Task<RealCluster> StartAsync(string connectionString, ClusterPlan plan)
    {
        var cluster = new RealCluster(connectionString, plan);
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
        catch (Exception exception)
        {
            var output = cluster.Output;
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"{exception.Message}\n{output}", exception);
        }
    }

    public ClusterCalls CallsOf(ClusterMember front) => _calls[Fronts.ToList().IndexOf(front)];

    /// <summary>Returns when every silo is an active member as the first front door's cluster sees it.</summary>
    public Task WhenWholeAsync() => Eventually.Async(IsWholeAsync, Patience, "all silos are members");

    public async Task CreateAccountAsync(string account)
    {
        var (status, body) = await Calls.CallAsync("kataven-admin", HttpMethod.Post, "/api/admin/accounts", new { account_id = account, account_name = account });
        if (status != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"{status} {body}");
        }
    }

    /// <summary>The members that are alive, as <c>role:name:status</c>.</summary>
    public async Task<string[]> MembersAsync()
    {
        var (status, body) = await Calls.CallAsync("kataven-admin", HttpMethod.Get, "/api/admin/cluster");
        return status == HttpStatusCode.OK
            ? [.. body.GetProperty("silos").EnumerateArray()
                .Select(silo => $"{silo.GetProperty("role")}:{silo.GetProperty("name")}:{silo.GetProperty("status")}").Order(StringComparer.Ordinal)]
            : throw new InvalidOperationException($"{status} {body}");
    }

    /// <summary>The name of the silo that holds each account now.</summary>
    public async Task<Dictionary<string, string>> PlacesAsync()
    {
        var (status, body) = await Calls.CallAsync("kataven-admin", HttpMethod.Get, "/api/admin/pools");
        return status == HttpStatusCode.OK
            ? body.GetProperty("pools").EnumerateArray()
                .GroupBy(pool => pool.GetProperty("account_id").GetString()!)
                .ToDictionary(account => account.Key, account => account.Last().GetProperty("silo").GetString()!)
            : throw new InvalidOperationException($"{status} {body}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        _calls.ForEach(calls => calls.Dispose());
    }

    private async Task<bool> IsWholeAsync()
    {
        try
        {
            return (await MembersAsync()).Count(member => member.StartsWith("silo:", StringComparison.Ordinal)
                && member.EndsWith(":active", StringComparison.Ordinal)) == Silos.Count;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
