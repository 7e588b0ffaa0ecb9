using System.Collections.Immutable;

namespace Kataven.Operations;

/// <summary>Reads operations.</summary>
[Alias("kataven.IOperationCatalogGrain")]
public interface IOperationCatalogGrain : IGrainWithIntegerKey
{
    [Alias("Get")]
    Task<OperationResult> GetAsync(Guid id);

    /// <summary>
    /// The operation by which the same request makes an account, or has made the one that is there now; null where there is none.
    /// </summary>
    [Alias("FindMaker")]
    Task<Operation?> FindMakerAsync(OperationRequest request);

    /// <summary>The newest first, at most <paramref name="limit"/>.</summary>
    [Alias("List")]
    Task<ImmutableArray<Operation>> ListAsync(string? accountId, OperationStatus? status, int limit);
}
