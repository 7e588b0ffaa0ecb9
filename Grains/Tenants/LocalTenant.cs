using Kataven.Grains.Queries;
using Kataven.Queries;

namespace Kataven.Grains.Tenants;

/// <summary>The direct calls of one activation. Thread-safe.</summary>
internal sealed class LocalTenant(TenantQueries queries)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _closed;

    /// <summary>Null where calls have to go to the grain.</summary>
    public Task<Answer>? TryQuery(QueryRequest request, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            _running++;
        }

        return QueryAsync(request, cancellation);
    }

    /// <summary>Takes no call any more, and returns when none runs.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_running == 0)
            {
                _quiet.TrySetResult();
            }
        }

        return _quiet.Task;
    }

    private async Task<Answer> QueryAsync(QueryRequest request, CancellationToken cancellation)
    {
        try
        {
            return await queries.QueryAsync(request, cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                if (--_running == 0 && _closed)
                {
                    _quiet.TrySetResult();
                }
            }
        }
    }
}
