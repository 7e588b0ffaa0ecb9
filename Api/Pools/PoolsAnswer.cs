using System.Collections.Immutable;

namespace Kataven.Api.Pools;

/// <summary>The answer of <c>GET /api/admin/pools</c>.</summary>
internal sealed record PoolsAnswer(ImmutableArray<PoolAnswer> Pools);
