using Kataven.Queries;
using Kataven.Transactions;

namespace Kataven.Tenants;

/// <summary>
/// ④ The one activation in the whole cluster that owns an account's connections. It deactivates when idle, and
/// that closes them. What may happen is a value of the answer; an exception means that the grain could not be reached.
/// </summary>
[Alias("kataven.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    [Alias("Query"), ResponseTimeout("00:15:00")]
    Task<Answer> QueryAsync(QueryRequest request, CancellationToken cancellation);

    [Alias("Transaction"), ResponseTimeout("00:15:00")]
    Task<Answer> TransactionAsync(TransactionRequest request, CancellationToken cancellation);

    /// <summary>Runs a statement and returns the first part of its rows, and with it, unless that was all, the stream's id.</summary>
    [Alias("OpenStream"), ResponseTimeout("00:15:00")]
    Task<StreamPart> OpenStreamAsync(StreamRequest request, CancellationToken cancellation);

    [Alias("NextPart"), ResponseTimeout("00:15:00")]
    Task<StreamPart> NextPartAsync(Guid stream, CancellationToken cancellation);

    /// <summary>Ends a stream before its end: its statement is cancelled.</summary>
    [Alias("CloseStream")]
    Task CloseStreamAsync(Guid stream);

    /// <summary>Begins a transaction that holds a lane until it is ended, its lease is over, or this activation is.</summary>
    [Alias("BeginTransaction"), ResponseTimeout("00:15:00")]
    Task<TransactionAnswer> BeginTransactionAsync(TransactionStart start, CancellationToken cancellation);

    /// <summary>Runs a statement in it, after those that came before.</summary>
    [Alias("QueryInTransaction"), ResponseTimeout("00:15:00")]
    Task<TransactionAnswer> QueryInTransactionAsync(TransactionId transaction, QueryRequest request, CancellationToken cancellation);

    /// <summary>Commits it after the statements that came before, or ends them and rolls it back.</summary>
    [Alias("EndTransaction"), ResponseTimeout("00:15:00")]
    Task<TransactionAnswer> EndTransactionAsync(TransactionId transaction, TransactionEnding ending, CancellationToken cancellation);

    /// <summary>Opens a lane ahead of the first request.</summary>
    [Alias("Warm"), ResponseTimeout("00:02:00")]
    Task<Warmth> WarmAsync();

    /// <summary>
    /// Goes by what the account's row says now. Where that is that the account is not served, what runs is cancelled, every
    /// connection is closed, and it returns when that is done.
    /// </summary>
    [Alias("Obey"), ResponseTimeout("00:01:00")]
    Task ObeyAsync();

    /// <summary>Waits until open streams and transactions have ended (at most half a minute), then deactivates when what runs has ended.</summary>
    [Alias("Close"), ResponseTimeout("00:01:00")]
    Task CloseAsync();

    /// <summary>
    /// Goes to another silo when what runs has ended; requests that come meanwhile are served there. An account that is held, or
    /// has streams open or anything that has run for long, stays.
    /// </summary>
    /// <returns>Whether it goes.</returns>
    [Alias("Move")]
    Task<bool> MoveAsync(SiloAddress silo);

    /// <summary>
    /// Has requests wait, lets what runs end (at a limit it is cancelled), closes every connection, and returns then: the account's
    /// database is the holder's. Requests wait for as long as <c>Kataven:Tenants:HeldRequestTimeout</c> says.
    /// </summary>
    /// <param name="holder">The operation. Another one that comes takes over.</param>
    /// <param name="lease">How long it lasts unless it is renewed.</param>
    /// <returns>False where this activation goes: the next one is to be asked.</returns>
    [Alias("Hold"), ResponseTimeout("00:15:00")]
    Task<bool> HoldAsync(Guid holder, TimeSpan lease);

    /// <summary>
    /// As <see cref="HoldAsync"/>, for what leaves the database the one that it is: connections stay open, unless what runs had to be
    /// cancelled, and this activation goes on afterwards.
    /// </summary>
    /// <inheritdoc cref="HoldAsync"/>
    [Alias("Pause"), ResponseTimeout("00:15:00")]
    Task<bool> PauseAsync(Guid holder, TimeSpan lease);

    /// <summary>False where the holder does not hold the account, which another activation may own now.</summary>
    [Alias("RenewHold")]
    Task<bool> RenewHoldAsync(Guid holder, TimeSpan lease);

    /// <summary>Requests go on, with what is in the database now.</summary>
    /// <param name="holder">The operation; where another one holds the account nothing is released.</param>
    /// <param name="closesConnections">Whether no connection that is open now is to serve any more.</param>
    [Alias("Release")]
    Task ReleaseAsync(Guid holder, bool closesConnections);
}
