using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Clients;

/// <summary>An account that is served, from its creation until it is deleted, as those who use it share it.</summary>
internal sealed class LiveAccount(string account, int number, int writers, TimeSpan served) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly SemaphoreSlim _pens = new(writers, writers);
    private readonly CancellationTokenSource _end = new();
    private int _rows;

    public string Account { get; } = account;

    public string Life { get; } = $"{account}.{number}";

    public TimeSpan Served { get; } = served;

    /// <summary>Cancelled when nobody is to ask it anything more.</summary>
    public CancellationToken Ending => _end.Token;

    /// <summary>As it was written last.</summary>
    public int Epoch { get; set; } = 1;

    /// <summary>Unlike any other's.</summary>
    public string NextRow() => $"{Life}/{Interlocked.Increment(ref _rows)}";

    /// <summary>Lets a writer work, or keeps it waiting while all of them pause.</summary>
    public async Task<bool> TakePenAsync()
    {
        try
        {
            await _pens.WaitAsync(Ending);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void GiveBackPen() => _pens.Release();

    /// <summary>Returns when no writer has anything under way, as far as it knows; none begins before <see cref="Resume"/>.</summary>
    /// <exception cref="TimeoutException">One of them has not come to an end for <see cref="Patience"/>; the others go on.</exception>
    public async Task PauseAsync()
    {
        for (var taken = 0; taken < writers; taken++)
        {
            if (!await _pens.WaitAsync(Patience))
            {
                if (taken > 0)
                {
                    _pens.Release(taken);
                }

                throw new TimeoutException($"A writer of {Life} has had no answer for {Patience.TotalSeconds:0} s.");
            }
        }
    }

    public void Resume() => _pens.Release(writers);

    public Task EndAsync() => _end.CancelAsync();

    public AccountLife ToHistory() => new(Account, Life, Served);

    public void Dispose()
    {
        _pens.Dispose();
        _end.Dispose();
    }
}
