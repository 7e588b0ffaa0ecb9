using Kataven.Postgres.Embedded;
using Kataven.Testing;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>A server whose programs are found after this was made.</summary>
internal sealed class PackagedServer : PrivatePostgresFixture
{
    public PostgresBinaries? Binaries { get; set; }

    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    protected override EmbeddedPostgresOptions Options => base.Options with
    {
        Binaries = Binaries,
        Settings = base.Options.Settings.Concat(Settings).ToDictionary(),
    };
}
