using Kataven.Bench.Grounds;

namespace Kataven.Bench.Contenders;

/// <summary>A service that is measured, in processes of its own.</summary>
internal abstract class Contender(string name) : IAsyncDisposable
{
    private readonly List<ServiceProcess> _processes = [];

    public string Name { get; } = name;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Whether requests need a token. One that needs none is let off.</summary>
    public virtual bool ChecksTokens => true;

    public IReadOnlyList<int> Processes => [.. _processes.Select(process => process.Id)];

    /// <summary>Null where it can run here; else what is missing.</summary>
    public virtual string? Missing => null;

    public async Task StartAsync(Ground ground, CancellationToken cancellation)
    {
        Address = ground.Addresses.Of(Name);
        await StartProcessesAsync(ground, cancellation);
    }

    /// <summary>Ends it as a crash does. It can be started again.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        foreach (var process in _processes)
        {
            await process.KillAsync(cancellation);
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // Whoever was started last stands on the others.
        for (var i = _processes.Count - 1; i >= 0; i--)
        {
            await _processes[i].DisposeAsync();
        }

        _processes.Clear();
    }

    protected abstract Task StartProcessesAsync(Ground ground, CancellationToken cancellation);

    protected async Task RunAsync(string program, IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken cancellation) =>
        _processes.Add(await ServiceProcess.StartAsync($"{Name}-{Path.GetFileNameWithoutExtension(program)}", program, arguments, environment, cancellation));

    /// <summary>Waits until it answers with 200.</summary>
    protected async Task AnsweredAsync(string path, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = Address };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(90));
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(path, deadline.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_processes[^1].HasEnded)
            {
                // It does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
        }
    }
}
