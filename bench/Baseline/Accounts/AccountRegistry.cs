using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Baseline.Accounts;

/// <summary>The status of accounts, as the system database had it at most a second ago.</summary>
internal sealed class AccountRegistry(IOptions<BaselineOptions> options, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(options.Value.System);
    private readonly ConcurrentDictionary<string, Entry> _known = new();

    /// <returns>Null where there is no such account.</returns>
    public Task<string?> StatusAsync(string account)
    {
        if (_known.TryGetValue(account, out var known) && time.GetElapsedTime(known.At) < Remembered)
        {
            return known.Status;
        }

        // Of all who find an old entry one asks anew, and the others take the old answer meanwhile.
        var asked = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entry = new Entry(asked.Task, time.GetTimestamp());
        if (known is null ? _known.TryAdd(account, entry) : _known.TryUpdate(account, entry, known))
        {
            _ = AskAsync(account, asked);
            return asked.Task;
        }

        return known?.Status ?? _known[account].Status;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task AskAsync(string account, TaskCompletionSource<string?> asked)
    {
        try
        {
            await using var command = _source.CreateCommand("SELECT status FROM public.accounts WHERE account_id = $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = account });
            asked.SetResult((string?)await command.ExecuteScalarAsync());
        }
        catch (NpgsqlException failure)
        {
            _known.TryRemove(account, out _);
            asked.SetException(failure);
        }
    }

    private sealed record Entry(Task<string?> Status, long At);
}
