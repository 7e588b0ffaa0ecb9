using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kataven.Bench.Contenders;
using Kataven.Load;
using Npgsql;

namespace Kataven.Bench.Grounds;

/// <summary>The accounts: made through the product's own API, once for each data folder, each with the same rows.</summary>
internal sealed class Fleet(Ground ground)
{
    public const int Rows = 1_000;

    private const int AtOnce = 4;

    private static readonly string[] Filling =
    [
        "CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL)",
        "INSERT INTO item SELECT i, 'item number ' || i FROM generate_series(1, 1000) i",
        // With room on each page, so that no contender's updates make those of the next dearer.
        "CREATE TABLE note (id integer PRIMARY KEY, body text NOT NULL) WITH (fillfactor = 50)",
        "INSERT INTO note SELECT i, 'nothing yet' FROM generate_series(1, 1000) i",
    ];

    private readonly Dictionary<string, string> _tokens = [];

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"bench-{number:0000}");

    /// <summary>Accounts with their tokens, from one number on.</summary>
    public Task<IReadOnlyList<Target>> TargetsAsync(int first, int count, CancellationToken cancellation) =>
        TargetsAsync(Enumerable.Range(first, count).Select(NameOf), cancellation);

    public async Task<IReadOnlyList<Target>> TargetsAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = ground.Addresses.Of(Product.ContenderName) };
        var targets = new List<Target>();
        foreach (var name in names)
        {
            if (!_tokens.TryGetValue(name, out var token))
            {
                _tokens[name] = token = await TokenAsync(http, name, cancellation);
            }

            targets.Add(new Target(name, token));
        }

        return targets;
    }

    /// <summary>Makes those that are missing.</summary>
    public async Task ProvisionAsync(int count, CancellationToken cancellation)
    {
        var missing = Enumerable.Range(0, count).Select(NameOf).Except(await FilledAsync(cancellation)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        Console.WriteLine($"Making {missing.Count} accounts …");
        await using var product = new Product();
        await product.StartAsync(ground, cancellation);
        using var http = new HttpClient { BaseAddress = product.Address, Timeout = TimeSpan.FromMinutes(5) };
        var admin = await TokenAsync(http, "kataven-admin", cancellation);
        var times = new List<double>();
        await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (name, stop) =>
        {
            var took = await MakeAsync(http, admin, name, stop);
            lock (times)
            {
                times.Add(took);
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {missing.Count} accounts, {AtOnce} at once, {times.Average():0} ms each on average"));
        await ground.ExecuteAsync("postgres", "CHECKPOINT", cancellation);
    }

    private async Task<double> MakeAsync(HttpClient http, string admin, string name, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        await PostAsync(http, "/api/admin/accounts", admin, new { account_id = name, account_name = name }, cancellation);
        var took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        var token = await TokenAsync(http, name, cancellation);
        await PostAsync(http, "/api/transaction", token, new { statements = Filling.Select(sql => new { sql }) }, cancellation);
        await ground.ExecuteAsync(name, "VACUUM (ANALYZE) public.item, public.note", cancellation);
        await ground.ExecuteAsync("postgres", $"COMMENT ON DATABASE \"{name}\" IS '{Mark}'", cancellation);
        return took;
    }

    /// <summary>Stands at a database that is whole: one whose making was broken off is not taken for it.</summary>
    private const string Mark = "filled for the benchmark";

    private async Task<List<string>> FilledAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ground.ConnectionTo("postgres", "").ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(
            "SELECT datname::text FROM pg_database WHERE shobj_description(oid, 'pg_database') = $1", connection)
        { Parameters = { new() { Value = Mark } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    public static async Task<string> TokenAsync(HttpClient http, string account, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync("/dev/token", new { account_id = account }, cancellation);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("access_token").GetString()!;
    }

    private static async Task PostAsync(HttpClient http, string path, string token, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
        }
    }
}
