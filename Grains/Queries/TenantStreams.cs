using System.Collections.Concurrent;
using Kataven.Errors;
using Kataven.Grains.Observability;
using Kataven.Grains.Queries.Fast;
using Kataven.Grains.Tenants;
using Kataven.Queries;

namespace Kataven.Grains.Queries;

/// <summary>The streams of one account that are under way.</summary>
internal sealed class TenantStreams(TenantPool pool, FastReads fast, TenantOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, TenantStream> _open = new();
    private readonly TypeCatalog _types = new();

    public int Count => _open.Count;

    /// <summary>It counts from here on, in this turn of the grain: an account does not move while one begins.</summary>
    public async Task<StreamPart> OpenAsync(StreamRequest request, CancellationToken caller)
    {
        pool.StreamBegan();
        try
        {
            return await TryOpenAsync(request, caller).ConfigureAwait(false);
        }
        finally
        {
            pool.StreamEnded();
        }
    }

    private async Task<StreamPart> TryOpenAsync(StreamRequest request, CancellationToken caller)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var bytes = RequestSize.Of(request.Statement);
        var admission = await pool.EnterAsync(request.AccountVersion, bytes, request.IsCounted, caller).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return admission.IsStale ? StreamPart.Stale : Refuse(admission.Refusal!);
        }

        var grant = await pool.RentAsync(caller).ConfigureAwait(false);
        if (grant.Lane is not { } lane)
        {
            pool.Leave(bytes);
            return Refuse(grant.Refusal!);
        }

        var mayDefine = await fast.BeginAsync([request.Statement]).ConfigureAwait(false);
        var stream = new TenantStream(pool, lane, request, bytes, _types, fast, options.StreamIdleTimeout, time);
        _open[stream.Id] = stream;
        _ = RunAsync(stream, mayDefine);
        // The call is over when the first part is there; until then its caller may go away.
        await using var gone = caller.UnsafeRegister(static stream => ((TenantStream)stream!).Close(), stream).ConfigureAwait(false);
        return await NextAsync(stream, CancellationToken.None).ConfigureAwait(false);
    }

    public async Task<StreamPart> NextAsync(Guid id, CancellationToken caller)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return _open.TryGetValue(id, out var stream)
            ? await NextAsync(stream, caller).ConfigureAwait(false)
            : StreamPart.Refused(Refusal.Of(ErrorCode.QueryCancelled, "The stream has ended."));
    }

    public void Close(Guid id)
    {
        if (_open.TryRemove(id, out var stream))
        {
            stream.Close();
        }
    }

    private async Task RunAsync(TenantStream stream, bool mayDefine)
    {
        pool.StreamBegan();
        TenantMetrics.StreamOpened();
        await stream.RunAsync().ConfigureAwait(false);
        fast.Ended(mayDefine);
        TenantMetrics.StreamEnded();
        pool.StreamEnded();
        _open.TryRemove(stream.Id, out _);
    }

    private static StreamPart Refuse(Refusal refusal)
    {
        TenantMetrics.Refused(refusal.Code);
        return StreamPart.Refused(refusal);
    }

    private static async Task<StreamPart> NextAsync(TenantStream stream, CancellationToken caller)
    {
        return await stream.NextAsync(caller).ConfigureAwait(false)
            ?? StreamPart.Refused(Refusal.Of(ErrorCode.QueryCancelled, "The stream has ended."));
    }
}
