using System.Text.Json.Nodes;
using Kataven.Errors;
using Kataven.Grains.Observability;
using Kataven.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Kataven.Grains.Operations;

/// <summary>
/// Works on one operation, in the background and off its scheduler. What it was doing stands in the table: where its process dies,
/// the next activation goes on.
/// </summary>
[Reentrant]
internal sealed partial class OperationGrain(
    OperationTable table, IEnumerable<IOperationWork> works, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<OperationGrain> logger)
    : Grain, IOperationGrain
{
    /// <summary>How often an operation is begun anew after a crash, or an error that nobody foresaw; the stop of a silo is neither.</summary>
    public const int MaxAttempts = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long what was cancelled has to remove what it left.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(60);

    /// <summary>How long a silo that stops waits for the system database to note that it puts an operation down.</summary>
    private static readonly TimeSpan PutDownWithin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancel = new();
    private volatile Refusal? _reason;
    private Task? _running;
    private CancellationTokenRegistration _stopping;

    private Guid Id => this.GetPrimaryKey();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _stopping = lifetime.ApplicationStopping.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        return Task.CompletedTask;
    }

    public async Task<OperationResult> StartAsync(OperationRequest request)
    {
        await _gate.WaitAsync();
        try
        {
            var (begun, known, inTheWay) = await table.TryBeginAsync(Id, request, default);
            if (known is not null)
            {
                // The call came a second time, since the first one's answer was lost, or late, from a silo that was frozen. Whoever has it works on it.
                return OperationResult.Of(known);
            }

            if (begun is null)
            {
                return OperationResult.Refused(Refusal.Of(ErrorCode.OperationRunning, "Another operation is on the account: wait until it has ended.") with
                {
                    OperationId = inTheWay,
                });
            }

            Begin(begun);
            return OperationResult.Of(begun);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task ResumeAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_running is null && await table.TakeUpAsync(Id, default) is { } operation)
            {
                LogResumed(operation.Kind, Id, operation.AccountId, operation.Step);
                Begin(operation);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task<OperationResult> WaitAsync()
    {
        await ResumeAsync();
        // A silo that stops lets nobody wait: it goes on elsewhere, and is running still.
        await (_running ?? Task.CompletedTask).WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return await table.FindAsync(Id, default) is { } operation
            ? OperationResult.Of(operation)
            : OperationResult.Refused(Refusal.Of(ErrorCode.OperationNotFound, "There is no such operation."));
    }

    public async Task CancelAsync(Refusal reason)
    {
        // Written down too: whoever goes on after a crash only removes what is left. What is cancelled may be in the row's way.
        var decided = table.DecideAsync(Id, reason, default);
        _reason ??= reason;
        await _cancel.CancelAsync();
        await decided;
        await ResumeAsync();
        await (_running ?? Task.CompletedTask).WaitAsync(EndWithin, time);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // It goes on elsewhere. The silo's own end would keep every operation that ever was here.
        await _stopping.DisposeAsync();
        await _stop.CancelAsync();
        await (_running ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private void Begin(Operation operation)
    {
        DelayDeactivation(Timeout.InfiniteTimeSpan);
        var context = GrainContext;
        _running = Task.Run(async () =>
        {
            await RunAsync(operation);
            context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The operation has ended."));
        });
    }

    private async Task RunAsync(Operation operation)
    {
        var work = works.LastOrDefault(work => work.Kind == operation.Kind);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (work is null)
                {
                    await EndAsync(operation, Failed($"This version knows no operation \"{operation.Kind}\"."), null);
                    return;
                }

                await AttemptAsync(work, operation);
                return;
            }
            catch (OperationLostException)
            {
                LogLost(operation.Kind, Id, operation.AccountId);
                return;
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogAttemptFailed(exception, operation.Kind, Id, operation.AccountId, operation.Attempt);
            }

            if (!await PauseAsync(operation.Tries) || await TakeUpAsync(operation) is not { } next)
            {
                return;
            }

            operation = next;
        }

        await PutDownAsync(operation);
    }

    /// <summary>The silo stops. Where that cannot be noted, the attempt counts as if it had crashed.</summary>
    private async Task PutDownAsync(Operation operation)
    {
        try
        {
            using var limit = new CancellationTokenSource(PutDownWithin, time);
            await table.PutDownAsync(Id, operation.Attempt, limit.Token);
            LogPutDown(operation.Kind, Id, operation.AccountId, operation.Attempt);
        }
        catch (OperationLostException)
        {
            LogLost(operation.Kind, Id, operation.AccountId);
        }
        catch (Exception exception)
        {
            LogAttemptFailed(exception, operation.Kind, Id, operation.AccountId, operation.Attempt);
        }
    }

    /// <summary>Returns when it has ended, and throws where it is to be tried again.</summary>
    private async Task AttemptAsync(IOperationWork work, Operation operation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _cancel.Token);
        Refusal problem;
        try
        {
            if (_reason is null && operation.Problem is null && operation.Tries <= MaxAttempts)
            {
                var result = await work.RunAsync(new OperationContext(operation, table, time, either.Token));
                await EndAsync(operation, null, result);
                return;
            }

            problem = _reason ?? operation.Problem ?? Failed($"It was begun {MaxAttempts} times, and did not come to its end. The log says why.");
        }
        catch (OperationFailedException exception)
        {
            LogFailed(exception, operation.Kind, Id, operation.AccountId);
            problem = _reason ?? exception.Refusal;
        }
        catch (Exception exception) when (exception is not OperationLostException && _reason is not null)
        {
            problem = _reason;
        }

        await table.DecideAsync(Id, problem, _stop.Token);
        // As it stands now, with what the attempt has noted. One that froze fails by what the next attempt does, and would remove what
        // that one has made.
        if (await table.FindAsync(Id, _stop.Token) is not { Status: OperationStatus.Running } left || left.Attempt != operation.Attempt)
        {
            throw new OperationLostException();
        }

        await work.CleanUpAsync(new OperationContext(left, table, time, _stop.Token));
        await EndAsync(operation, problem, null);
    }

    private async Task EndAsync(Operation operation, Refusal? problem, JsonObject? result)
    {
        if (!await table.EndAsync(Id, operation.Attempt, problem, result?.ToJsonString(), _stop.Token))
        {
            throw new OperationLostException();
        }

        OperationMetrics.Ended(operation.Kind, problem is null);
    }

    private async Task<Operation?> TakeUpAsync(Operation operation)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                return await table.TakeUpAsync(Id, _stop.Token);
            }
            catch (Exception exception)
            {
                // The system database is away: it is tried until it is back.
                LogAttemptFailed(exception, operation.Kind, Id, operation.AccountId, operation.Attempt);
                await PauseAsync(operation.Tries);
            }
        }

        return null;
    }

    private async Task<bool> PauseAsync(int tries)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(tries - 1, 10)));
        await Task.Delay(pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return !_stop.IsCancellationRequested;
    }

    private static Refusal Failed(string detail) => Refusal.Of(ErrorCode.OperationFailed, detail);
}
