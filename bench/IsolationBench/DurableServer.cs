using Kataven.Postgres.Embedded;
using Kataven.Testing;

namespace Kataven.IsolationBench;

/// <summary>A throwaway server that writes as one whose data is kept: what it costs to make a database is mostly that.</summary>
internal sealed class DurableServer : PrivatePostgresFixture
{
    protected override EmbeddedPostgresOptions Options => base.Options with { FastUnsafe = false };
}
