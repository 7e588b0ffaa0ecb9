using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kataven.Testing.Cluster;

/// <summary>One of them: a write, then a read of what it wrote, and so on.</summary>
internal sealed class TrafficClient : IDisposable
{
    private const int SlowEach = 4;

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60) })
    {
        Timeout = TimeSpan.FromSeconds(100),
    };

    private readonly int _number;
    private readonly TimeSpan _every;
    private long _next;

    /// <param name="number">Its writes have this number in front.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="token">The account's.</param>
    /// <param name="every">How often it sends, where the answers come in time.</param>
    public TrafficClient(int number, string account, string token, TimeSpan every)
    {
        (_number, Account, _every, _next) = (number, account, every, (number + 1) * 1_000_000_000L);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string Account { get; }

    /// <summary>Acknowledged.</summary>
    public List<long> Written { get; } = [];

    /// <summary>May be there or not.</summary>
    public List<long> Unknown { get; } = [];

    /// <summary>Requests that were answered as they should be.</summary>
    public int Done { get; private set; }

    public async Task RunAsync(
        ReadyFronts fronts, ConcurrentQueue<TrafficAnswer> answered, ConcurrentQueue<TrafficFailure> failures, CancellationToken enough)
    {
        var writes = true;
        while (!enough.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            if (fronts.Next() is { } front)
            {
                var isWrite = writes || Written.Count == 0;
                writes = !writes;
                var failure = isWrite ? await WriteAsync(front) : await ReadAsync(front);
                if (failure is null)
                {
                    answered.Enqueue(new TrafficAnswer(_number, Account, Stopwatch.GetTimestamp(), Stopwatch.GetElapsedTime(begun)));
                    Done++;
                }
                else
                {
                    failures.Enqueue(new TrafficFailure(Account, isWrite, failure.Value.Code, failure.Value.Text, Stopwatch.GetElapsedTime(begun)));
                }
            }

            if (_every - Stopwatch.GetElapsedTime(begun) is { Ticks: > 0 } left)
            {
                await Task.Delay(left, enough).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string Code, string Text)?> WriteAsync(Uri front)
    {
        var id = _next++;
        // Some take their time, so that whatever goes wrong meets one.
        var sql = id % SlowEach == 0 ? "INSERT INTO entry SELECT $1 FROM pg_sleep(0.05)" : "INSERT INTO entry VALUES ($1)";
        var (failure, _) = await SendAsync(front, new { sql, @params = new[] { id } });
        if (failure is null)
        {
            Written.Add(id);
        }
        else if (failure.Value.Code is not ("database_unavailable" or "overloaded"))
        {
            Unknown.Add(id);
        }

        return failure;
    }

    private async Task<(string Code, string Text)?> ReadAsync(Uri front)
    {
        var (failure, answer) = await SendAsync(
            front, new { sql = "SELECT count(*) FROM entry WHERE id = $1", @params = new[] { Written[^1] }, read_only = true });
        return failure is null && answer.GetProperty("rows")[0][0].GetInt64() != 1 ? ("wrong_answer", answer.ToString()) : failure;
    }

    private async Task<((string Code, string Text)? Failure, JsonElement Answer)> SendAsync(Uri front, object body)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync(new Uri(front, "/api/query"), body);
            var text = await response.Content.ReadAsStringAsync();
            if (response.IsSuccessStatusCode)
            {
                return (null, JsonElement.Parse(text));
            }

            var code = text.StartsWith('{') && JsonElement.Parse(text).TryGetProperty("code", out var member) ? member.GetString()! : $"{(int)response.StatusCode}";
            return ((code, $"{front} {text}"), default);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return (("no_answer", $"{front} {exception.Message} {exception.InnerException?.Message}"), default);
        }
    }
}
