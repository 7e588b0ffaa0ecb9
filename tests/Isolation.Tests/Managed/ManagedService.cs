using System.Collections.Concurrent;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Isolation.Tests.Managed;

/// <summary>The service with a role as managed servers give it: it may make databases and roles, and nothing else.</summary>
public abstract class ManagedService : ServiceFixture
{
    private const string Role = "managed_service";
    private const string Password = "managed";

    protected ManagedService(PrivatePostgresFixture postgres) : base(postgres)
    {
    }

    public string? Unavailable { get; protected set; }

    /// <summary>Each line since the start.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    protected override void Configure(IServiceProvider services) =>
        services.GetRequiredService<ILoggerFactory>().AddProvider(new CapturingLoggerProvider(Log));

    protected override async Task<string> SystemConnectionStringAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"DO $$ BEGIN CREATE ROLE {Role} LOGIN CREATEDB CREATEROLE PASSWORD '{Password}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Username = Role, Password = Password }.ConnectionString;
    }
}
