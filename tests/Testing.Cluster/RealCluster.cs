using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace Kataven.Testing.Cluster;

/// <summary>Silos and front doors, each a process, joined through the system database.</summary>
public sealed class RealCluster : IAsyncDisposable
{
    private const string Active = ":active";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<ClusterMember, ClusterCalls> _calls = new();
    private readonly List<ClusterMember> _others = [];
    private readonly Dictionary<string, string> _settings;
    private readonly TimeSpan _longestLife;

    /// <summary>For front doors, which then are no members.</summary>
    private readonly bool _hasClients;

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

        (_settings, _longestLife, _hasClients) = (settings, plan.LongestLife, plan.FrontKind == "Client");
        Silos = [.. Enumerable.Range(1, plan.Silos).Select(i => new ClusterMember("Silo", $"silo{i}", settings, plan.LongestLife))];
        Fronts = [.. Enumerable.Range(1, plan.Fronts).Select(i => new ClusterMember("Api", $"front{i}", settings, plan.LongestLife))];
    }

    /// <summary>Named silo1, silo2, and so on.</summary>
    public IReadOnlyList<ClusterMember> Silos { get; }

    /// <summary>Named front1, front2, and so on.</summary>
    public IReadOnlyList<ClusterMember> Fronts { get; }

    public IEnumerable<ClusterMember> Members => Silos.Concat(Fronts).Concat(_others);

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

    public ClusterCalls CallsOf(ClusterMember front) => _calls.GetOrAdd(front, of => new ClusterCalls(of.Address));

    /// <summary>Returns when every silo is an active member as the first front door's cluster sees it.</summary>
    public Task WhenWholeAsync() => Eventually.Async(IsWholeAsync, Patience, "all silos are members");

    /// <summary>Has those run that it began with, and nobody else: what a test ended, or added, is not the next one's.</summary>
    public async Task MakeWholeAsync()
    {
        var ended = Silos.Concat(Fronts).Where(member => !member.IsRunning).ToList();
        ended.ForEach(member => member.Begin());
        foreach (var member in ended)
        {
            await member.WhenReadyAsync();
        }

        var known = await TryMembersAsync();
        foreach (var other in _others)
        {
            // Who is known to the others says that it goes, so that they need not find out.
            if (other.IsRunning && known.Any(member => member.Contains($":{other.Name}:", StringComparison.Ordinal)))
            {
                await other.StopAsync();
            }

            await other.DisposeAsync();
        }

        _others.Clear();
        var wanted = Silos.Select(silo => $"silo:{silo.Name}{Active}").Concat(_hasClients ? [] : Fronts.Select(front => $"front:{front.Name}{Active}")).ToHashSet();
        await Eventually.Async(
            async () => wanted.SetEquals((await TryMembersAsync()).Where(member => member.EndsWith(Active, StringComparison.Ordinal))),
            Patience,
            "its members are those that it began with");
    }

    /// <summary>One more process, which is not started yet, and ends with the others.</summary>
    /// <param name="program">Silo or Api.</param>
    /// <param name="name">In the cluster's overview.</param>
    /// <param name="settings">What it is told otherwise than the others.</param>
    public ClusterMember Add(string program, string name, IReadOnlyDictionary<string, string>? settings = null)
    {
        var all = new Dictionary<string, string>(_settings);
        foreach (var (setting, value) in settings ?? new Dictionary<string, string>())
        {
            all[setting] = value;
        }

        var member = new ClusterMember(program, name, all, _longestLife);
        _others.Add(member);
        return member;
    }

    public async Task CreateAccountAsync(string account)
    {
        var (status, body) = await Calls.CallAsync("kataven-admin", HttpMethod.Post, "/api/admin/accounts", new { account_id = account, account_name = account });
        if (status != HttpStatusCode.Created)
        {
            throw new InvalidOperationException($"{status} {body}");
        }
    }

    /// <summary>The members that are alive, as <c>role:name:status</c>.</summary>
    /// <param name="calls">Of the front door that is asked; null for the first that runs.</param>
    public async Task<string[]> MembersAsync(ClusterCalls? calls = null)
    {
        var (status, body) = await (calls ?? Calls).CallAsync("kataven-admin", HttpMethod.Get, "/api/admin/cluster");
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

        foreach (var calls in _calls.Values)
        {
            calls.Dispose();
        }
    }

    private async Task<bool> IsWholeAsync() =>
        (await TryMembersAsync()).Count(member => member.StartsWith("silo:", StringComparison.Ordinal) && member.EndsWith(Active, StringComparison.Ordinal)) == Silos.Count;

    /// <summary>None where nobody can say.</summary>
    private async Task<string[]> TryMembersAsync()
    {
        try
        {
            return await MembersAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
