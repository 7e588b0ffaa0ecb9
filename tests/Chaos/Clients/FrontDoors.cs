using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Processes;

namespace Kataven.Chaos.Clients;

/// <summary>
/// Sends requests to front doors in turn, each once, to those that said a moment ago that they are ready: what a balancer does
/// that never sends anything again.
/// </summary>
internal sealed class FrontDoors : IAsyncDisposable
{
    public const string Administration = "kataven-admin";

    /// <summary>Longer than any answer takes: a statement's time limit, and the wait before it.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(200);

    private readonly ChaosCluster _cluster;
    private readonly HttpClient[] _clients;
    private readonly HttpClient _probes = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(1) };
    private readonly ConcurrentDictionary<string, string> _tokens = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _probing;
    private volatile int[] _ready;
    private int _turn;

    public FrontDoors(ChaosCluster cluster)
    {
        _cluster = cluster;
        _clients = [.. cluster.Doors.Select(door => new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 200 })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{door.Port}"),
            Timeout = AnswerWithin,
        })];
        _ready = [.. Enumerable.Range(0, _clients.Length)];
        _probing = ProbeAsync();
    }

    /// <summary>Asked for once, of whichever answers: it outlives an account of that slug, and any front door.</summary>
    public async Task LearnTokenAsync(string account)
    {
        for (var tries = 0; !_tokens.ContainsKey(account); tries++)
        {
            try
            {
                using var response = await _clients[tries % _clients.Length].PostAsJsonAsync("/dev/token", new { account_id = account, lifetime_seconds = 86_400 });
                response.EnsureSuccessStatusCode();
                _tokens[account] = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
            }
            catch (Exception exception) when (tries < 300 && exception is HttpRequestException or SocketException or OperationCanceledException)
            {
                await Task.Delay(ProbeEvery);
            }
        }
    }

    public async Task<Promises> PromisesAsync() => Promises.Of(await _clients[0].GetStringAsync("/openapi/v1.json"));

    /// <param name="account">Whose token is sent.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">Sent as JSON, or null.</param>
    /// <param name="key">An Idempotency-Key, or null.</param>
    public async Task<Reply> SendAsync(string account, HttpMethod method, string path, object? body = null, string? key = null)
    {
        var ready = _ready;
        var front = ready[(uint)Interlocked.Increment(ref _turn) % (uint)ready.Length];
        var name = _cluster.Fronts[front].Name;
        // A request whose body has begun is never sent again by HttpClient; one without a body may be, so each has one, if an empty one.
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is not null ? JsonContent.Create(body) : method == HttpMethod.Get ? null : new ByteArrayContent([]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens[account]);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var response = await _clients[front].SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            var answer = text.Length == 0 ? default : JsonElement.Parse(text);
            var status = (int)response.StatusCode;
            var code = response.IsSuccessStatusCode ? "ok" : CodeOf(answer);
            return new Reply(Answers.OutcomeOf(status, code), code, status, answer, name, response.Headers.Contains("Idempotency-Replayed"));
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return new Reply(Outcome.Refused, "not_sent", 0, default, name);
        }
        // One that is cut the moment it is there is told by the socket's own exception.
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException)
        {
            return new Reply(Outcome.Unknown, "connection_lost", 0, default, name);
        }
        catch (OperationCanceledException)
        {
            return new Reply(Outcome.Unknown, "no_answer", 0, default, name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _probing;
        foreach (var client in _clients.Append(_probes))
        {
            client.Dispose();
        }

        _stop.Dispose();
    }

    private static string CodeOf(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("code", out var code) ? code.GetString() ?? "" : "";

    private async Task ProbeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var answers = await Task.WhenAll(_cluster.Fronts.Select(front => IsReadyAsync(front.Address)));
            var ready = Enumerable.Range(0, answers.Length).Where(i => answers[i]).ToArray();
            _ready = ready.Length > 0 ? ready : [.. Enumerable.Range(0, answers.Length)];
            await Task.Delay(ProbeEvery, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReadyAsync(Uri front)
    {
        try
        {
            using var response = await _probes.GetAsync(new Uri(front, "/health/ready"), _stop.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
