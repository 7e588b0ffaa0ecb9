using System.Collections.Immutable;
using Kataven.Errors;
using Kataven.Operations;
using Orleans.Concurrency;

namespace Kataven.Grains.Operations;

/// <summary>Reads the table of operations.</summary>
[StatelessWorker, Reentrant]
internal sealed class OperationCatalogGrain(OperationTable table) : Grain, IOperationCatalogGrain
{
    public async Task<OperationResult> GetAsync(Guid id) => await table.FindAsync(id, default) is { } operation
        ? OperationResult.Of(operation)
        : OperationResult.Refused(Refusal.Of(ErrorCode.OperationNotFound, "There is no such operation."));

    public Task<Operation?> FindMakerAsync(OperationRequest request) => table.FindMakerAsync(request, default);

    public async Task<ImmutableArray<Operation>> ListAsync(string? accountId, OperationStatus? status, int limit) =>
        [.. await table.ListAsync(accountId, status, limit, default)];
}
