using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Operations;

namespace Kataven.Grains.Operations;

/// <summary>What an operation's work knows of it, and tells of itself.</summary>
internal sealed class OperationContext(Operation operation, OperationTable table, TimeProvider time, CancellationToken cancellation)
{
    /// <summary>Progress is told no more often, so that a dump of many small parts does not write a row for each.</summary>
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(250);

    private long _reportedAt = time.GetTimestamp();

    public Guid Id => operation.Id;

    public AccountId Account { get; } = AccountId.Parse(operation.AccountId);

    public JsonObject Arguments { get; } = JsonNode.Parse(operation.Arguments)!.AsObject();

    /// <summary>1 for the first who works on it.</summary>
    public int Attempt => operation.Attempt;

    /// <summary>Cancelled when the operation is to end, or its process does.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Notes a step before it is done.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="progress">From 0 to 1.</param>
    /// <exception cref="OperationLostException">Somebody else works on it, or it was ended.</exception>
    public Task StepAsync(string step, double progress)
    {
        cancellation.ThrowIfCancellationRequested();
        return table.StepAsync(operation.Id, operation.Attempt, step, progress, cancellation);
    }

    /// <summary>Asked before what another attempt could find changed under it.</summary>
    /// <exception cref="OperationLostException">Somebody else works on it, or it was ended.</exception>
    public Task ConfirmAsync() => table.StepAsync(operation.Id, operation.Attempt, null, 0, cancellation);

    /// <summary>Tells how far it is, now and then.</summary>
    public async Task ReportAsync(double progress)
    {
        if (time.GetElapsedTime(_reportedAt) >= ReportEvery)
        {
            _reportedAt = time.GetTimestamp();
            await table.StepAsync(operation.Id, operation.Attempt, null, progress, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps something in the arguments for whoever goes on after a crash.</summary>
    public Task RememberAsync(string name, JsonNode? value)
    {
        Arguments[name] = value;
        return table.RememberAsync(operation.Id, operation.Attempt, Arguments, cancellation);
    }
}
