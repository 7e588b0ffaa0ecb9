using Kataven.Postgres.Embedded;
using Kataven.Testing;

namespace Kataven.Grains.Tests.Queries.Text;

/// <summary>A server of its own: the statements make roles and tablespaces, and prepare transactions.</summary>
public sealed class CommandTagServer : PrivatePostgresFixture
{
    protected override EmbeddedPostgresOptions Options => base.Options with
    {
        Settings = new Dictionary<string, string> { ["max_prepared_transactions"] = "2" },
    };
}
