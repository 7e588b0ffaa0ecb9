using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Kataven.Postgres.Embedded;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>In a process of its own, since this one holds other tests.</summary>
public sealed class StreamMemoryTests
{
    private const long Allowed = 64 * 1024 * 1024;

    private const int RowBytes = 200;

    /// <summary>At the least more than twice as many bytes as would be told from none.</summary>
    private static readonly int Rows = TestScope.IsWhole ? 2_000_000 : 700_000;

    [Fact]
    public async Task A_stream_of_any_length_leaves_resident_memory_as_it_was()
    {
        await using var server = await EmbeddedPostgres.StartAsync(ThrowawayServer.Options(), TestContext.Current.CancellationToken);
        using var process = Start(server.ConnectionString);
        try
        {
            var address = await AddressAsync(process);
            using var http = await ClientAsync(address, server.ConnectionString);
            // The first streams fill the pools of buffers, which stay.
            await DrainAsync(http, 200_000, "application/x-ndjson");
            await DrainAsync(http, 200_000, "text/csv");
            var before = Resident(process);

            var highest = 0L;
            foreach (var accept in new[] { "application/x-ndjson", "text/csv" })
            {
                var bytes = await DrainAsync(http, Rows, accept, () => highest = Math.Max(highest, Resident(process)));
                Assert.True(bytes > (long)Rows * RowBytes);
            }

            Assert.True(highest - before < Allowed, $"{(highest - before) / 1024 / 1024} MiB more than {before / 1024 / 1024} MiB");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(string connectionString)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Kataven.Standalone.dll"), "--port", FreePort.Take().ToString(CultureInfo.InvariantCulture) },
            Environment = { ["ConnectionStrings__System"] = connectionString, ["DOTNET_ENVIRONMENT"] = "Development" },
        };
        return Process.Start(start)!;
    }

    private static async Task<Uri> AddressAsync(Process process)
    {
        const string Listens = "Kataven listens on ";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(Listens, StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new Uri(line[Listens.Length..]);
            }
        }

        throw new InvalidOperationException("The process ended before it listened.");
    }

    private static async Task<HttpClient> ClientAsync(Uri address, string server)
    {
        await using (var connection = new Npgsql.NpgsqlConnection(new Npgsql.NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString))
        {
            await connection.OpenAsync();
            await using var create = new Npgsql.NpgsqlCommand("create database large", connection);
            await create.ExecuteNonQueryAsync();
            await connection.ChangeDatabaseAsync("system");
            await using var insert = new Npgsql.NpgsqlCommand("insert into accounts (account_id, account_name, database_name, status) values ('large', 'Large', 'large', 'active')", connection);
            await insert.ExecuteNonQueryAsync();
        }

        var http = new HttpClient { BaseAddress = address };
        using var reply = await http.PostAsJsonAsync("/dev/token", new { account_id = "large" });
        var token = (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.Add("X-Account-ID", "large");
        return http;
    }

    private static async Task<long> DrainAsync(HttpClient http, int rows, string accept, Action? look = null)
    {
        var sql = string.Create(CultureInfo.InvariantCulture, $"select i, repeat('x', {RowBytes}) from generate_series(1, {rows}) i");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { sql }), Encoding.UTF8, "application/json"),
            Headers = { { "Accept", accept } },
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[256 * 1024];
        var total = 0L;
        var next = 0L;
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            total += read;
            if (total > next)
            {
                look?.Invoke();
                next = total + (16 * 1024 * 1024);
            }
        }

        return total;
    }

    private static long Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64;
    }
}
