using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Runs;

/// <summary>Makes the accounts of a run, over HTTP, and the victim's table.</summary>
internal static class Stage
{
    private const int Attackers = 4;

    public const int LanesOfAttacker = 6;

    public static async Task<Actors> SetAsync(HttpClient http)
    {
        var admin = await TokenAsync(http, "kataven-admin");
        var run = RandomNumberGenerator.GetHexString(6, lowercase: true);
        var attackers = Enumerable.Range(0, Attackers).Select(i => $"fuzz{i}-{run}").ToList();
        var (victim, scratch) = ($"quiet-{run}", $"scratch-{run}");
        foreach (var slug in attackers.Append(scratch))
        {
            await CreateAsync(http, admin, slug);
        }

        // Its statements are the stage's own, on however busy a machine.
        await CreateAsync(http, admin, victim, 30_000);
        var tokens = new Dictionary<string, string>();
        foreach (var slug in attackers)
        {
            tokens[slug] = await TokenAsync(http, slug);
        }

        var marker = RandomNumberGenerator.GetHexString(32);
        var client = new AccountClient(http, victim, await TokenAsync(http, victim));
        await client.QueryAsync("create table secret (id int primary key, marker text)");
        await client.QueryAsync($"insert into secret select i, '{marker}' from generate_series(1, 100) i");
        return new Actors
        {
            Attackers = attackers,
            Tokens = tokens,
            Victim = victim,
            Marker = marker,
            AdminToken = admin,
            Scratch = scratch,
            PublicKeyPem = await PublicKeyAsync(http),
            Functions = [.. (await client.RowsAsync(Functions)).Select(row => (row[0].GetString()!, row[1].EnumerateArray().Select(type => type.GetString()!).ToArray()))],
            Types = [.. (await client.RowsAsync("select distinct typname from pg_type where typnamespace = 'pg_catalog'::regnamespace and typtype <> 'c' order by 1")).Select(row => row[0].GetString()!)],
            Relations = [.. (await client.RowsAsync("select distinct oid::regclass::text from pg_class where relkind in ('r', 'v') and relnamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) order by 1")).Select(row => row[0].GetString()!)],
        };
    }

    public static async Task<string> TokenAsync(HttpClient http, string account)
    {
        using var answer = await http.PostAsJsonAsync("/dev/token", new { account_id = account, lifetime_seconds = 86_400 });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Without those that wait, that end other lanes of the account, and that are too much work for a database to be quick.</summary>
    private const string Functions = """
        select distinct proname, array(select format_type(t, null) from unnest(proargtypes) with ordinality a(t, n) order by n) from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and prokind <> 'p' and proname !~ '^(pg_sleep|pg_terminate|pg_cancel|database_to_xml|schema_to_xml|binary_upgrade)'
        order by 1, 2
        """;

    private static async Task CreateAsync(HttpClient http, string admin, string slug, int statementTimeoutMs = 300)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/admin/accounts")
        {
            Content = JsonContent.Create(new
            {
                account_id = slug,
                account_name = slug,
                limits = new { max_lanes = LanesOfAttacker, statement_timeout_ms = statementTimeoutMs, max_result_bytes = 512 * 1024, wait_timeout_ms = 30_000 },
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", admin);
        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{slug} could not be made: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task<string> PublicKeyAsync(HttpClient http)
    {
        var keys = await http.GetFromJsonAsync<JsonElement>("/oauth/v2/keys");
        var key = keys.GetProperty("keys")[0];
        byte[] Number(string name) => System.Buffers.Text.Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
        if (key.GetProperty("kty").GetString() == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Number("n"), Exponent = Number("e") });
            return rsa.ExportSubjectPublicKeyInfoPem();
        }

        using var elliptic = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Number("x"), Y = Number("y") } });
        return elliptic.ExportSubjectPublicKeyInfoPem();
    }
}
