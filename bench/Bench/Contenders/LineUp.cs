using Kataven.Bench.Grounds;

namespace Kataven.Bench.Contenders;

/// <summary>The contenders of a load, all of them running: none but the one whose turn it is has anything to do.</summary>
internal sealed class LineUp : IAsyncDisposable
{
    private readonly List<Contender> _running = [];

    private LineUp()
    {
    }

    public IReadOnlyList<Contender> Contenders => _running;

    /// <param name="ground">Where they stand.</param>
    /// <param name="contenders">The product first: the others take its tokens.</param>
    /// <param name="cancellation">Stops those that run.</param>
    public static async Task<LineUp> StartAsync(Ground ground, IEnumerable<Contender> contenders, CancellationToken cancellation)
    {
        var lineUp = new LineUp();
        try
        {
            foreach (var contender in contenders)
            {
                lineUp._running.Add(contender);
                await contender.StartAsync(ground, cancellation);
            }

            return lineUp;
        }
        catch
        {
            await lineUp.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            await _running[i].DisposeAsync();
        }
    }
}
