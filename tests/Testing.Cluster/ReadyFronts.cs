using System.Net;

namespace Kataven.Testing.Cluster;

/// <summary>What a balancer knows: which front doors said a moment ago that they are ready.</summary>
public sealed class ReadyFronts : IAsyncDisposable
{
    private readonly IReadOnlyList<ClusterMember> _fronts;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile Uri[] _ready = [];
    private int _next;

    /// <param name="fronts">All of them.</param>
    /// <param name="every">How often each is asked.</param>
    public ReadyFronts(IReadOnlyList<ClusterMember> fronts, TimeSpan every)
    {
        _fronts = fronts;
        _loop = LookAsync(every);
    }

    public int Count => _ready.Length;

    /// <summary>One after the other, or null while none is ready.</summary>
    public Uri? Next()
    {
        var ready = _ready;
        return ready.Length == 0 ? null : ready[(uint)Interlocked.Increment(ref _next) % (uint)ready.Length];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
        _http.Dispose();
    }

    private async Task LookAsync(TimeSpan every)
    {
        while (!_stop.IsCancellationRequested)
        {
            var ready = await Task.WhenAll(_fronts.Select(front => IsReadyAsync(front.Address)));
            _ready = [.. _fronts.Where((_, i) => ready[i]).Select(front => front.Address)];
            await Task.Delay(every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReadyAsync(Uri address)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(address, "/health/ready"), _stop.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
