using Kataven.Postgres.Embedded;

namespace Kataven.Standalone;

/// <summary>The PostgreSQL server that belongs to this process, where no other is configured.</summary>
internal static class PrivateServer
{
    public static async Task<EmbeddedPostgres?> StartUnlessConfiguredAsync(StandaloneOptions options)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(options.Rest).Build();
        if (configuration.GetConnectionString("System") is { Length: > 0 })
        {
            return null;
        }

        var binaries = await PostgresBinaries.FindOrInstallAsync(Console.WriteLine);
        return await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataDirectory = Path.Combine(options.DataDirectory, "postgres"),
            Binaries = binaries,
            Log = Console.WriteLine,
        });
    }
}
