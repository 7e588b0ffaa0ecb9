using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Kataven.Load;

/// <summary>
/// Sends a load. With a rate, a latency begins when the request should have gone out: while all clients wait for a service that
/// stands still, the time that the next ones are late is the service's. That a timer woke a client late is not.
/// </summary>
public sealed class LoadRun : IDisposable
{
    private readonly LoadPlan _plan;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _ended;
    private long _next = -1;
    private long _errors;
    private string? _firstError;

    private LoadRun(LoadPlan plan, CancellationToken cancellation)
    {
        _plan = plan;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(plan.Stop, cancellation);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = plan.Clients, UseProxy = false })
        {
            BaseAddress = plan.Address,
            Timeout = TimeSpan.FromSeconds(30),
            DefaultRequestVersion = HttpVersion.Version11,
        };
    }

    public static async Task<LoadFigures> RunAsync(LoadPlan plan, CancellationToken cancellation)
    {
        using var run = new LoadRun(plan, cancellation);
        var begun = Stopwatch.GetTimestamp();
        var clients = Enumerable.Range(0, plan.Clients).Select(_ => Task.Run(() => run.ClientAsync(begun, cancellation), cancellation)).ToList();
        var latencies = await Task.WhenAll(clients);
        return LoadFigures.Of(
            latencies.SelectMany(own => own), run._errors, Stopwatch.GetElapsedTime(begun).TotalSeconds, run._firstError, plan.KeepSamples);
    }

    public void Dispose()
    {
        _http.Dispose();
        _ended.Dispose();
    }

    private async Task<List<double>> ClientAsync(long begun, CancellationToken cancellation)
    {
        var latencies = new List<double>();
        while (true)
        {
            var number = Interlocked.Increment(ref _next);
            var due = TimeSpan.FromSeconds(_plan.Rate > 0 ? number / _plan.Rate : 0);
            if (number >= _plan.Count || due > _plan.Duration || _plan.Stop.IsCancellationRequested || Stopwatch.GetElapsedTime(begun) > _plan.Duration)
            {
                return latencies;
            }

            if (await DueAsync(begun, due, cancellation) is not { } from)
            {
                return latencies;
            }

            if (await SendAsync(number, cancellation))
            {
                latencies.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            }
        }
    }

    /// <returns>Where the latency begins; null where the load was ended before that.</returns>
    private async ValueTask<long?> DueAsync(long begun, TimeSpan due, CancellationToken cancellation)
    {
        if (_plan.Rate == 0)
        {
            return Stopwatch.GetTimestamp();
        }

        var wait = due - Stopwatch.GetElapsedTime(begun);
        if (wait <= TimeSpan.Zero)
        {
            return begun + (long)(due.TotalSeconds * Stopwatch.Frequency);
        }

        try
        {
            await Task.Delay(wait, _ended.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }

        return Stopwatch.GetTimestamp();
    }

    private async Task<bool> SendAsync(long number, CancellationToken cancellation)
    {
        var (target, body) = _plan.Next(number);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Account-ID", target.Account);
        if (target.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return true;
            }

            Failed($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            Failed(failure.Message);
        }

        return false;
    }

    private void Failed(string error)
    {
        Interlocked.Increment(ref _errors);
        Interlocked.CompareExchange(ref _firstError, error, null);
    }
}
