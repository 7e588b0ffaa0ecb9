using System.Collections.Concurrent;
using System.Security.Cryptography;
using Kataven.Testing;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>The service with a key for its passwords, and everything that it logs.</summary>
public sealed class SecretService : ArenaService
{
    private const string KeySetting = "--Kataven:Secrets:Key=";
    private const string FormerSetting = "--Kataven:Secrets:FormerKeys=";

    private readonly PrivatePostgresFixture _postgres;

    public SecretService() : this(new PrivatePostgresFixture())
    {
    }

    private SecretService(PrivatePostgresFixture postgres) : base(postgres) => (_postgres, Keys) = (postgres, [Key]);

    /// <summary>Each line at every level, exceptions included.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public string Key { get; } = NewKey();

    /// <summary>The keys that the next start gets, the first of them to write with; none for a start without.</summary>
    public IReadOnlyList<string> Keys { get; set; }

    /// <summary>For a test that needs the service's own key, whatever the one before it left.</summary>
    public async Task BeginAsync()
    {
        if (!Keys.SequenceEqual([Key]))
        {
            Keys = [Key];
            await RestartServiceAsync();
        }
    }

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>What PostgreSQL has logged.</summary>
    public async Task<string> ServerLogAsync() => await File.ReadAllTextAsync(Path.Combine(_postgres.Server.DataDirectory, "server.log"));

    protected override string[] Arguments =>
    [
        "--Logging:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Default=None",
        .. Keys.Take(1).Select(key => KeySetting + key), .. Keys.Skip(1).Take(1).Select(_ => FormerSetting + string.Join(',', Keys.Skip(1))),
    ];

    protected override void Configure(IServiceProvider services)
    {
        var provider = new CapturingLoggerProvider(Log);
        services.GetRequiredService<ILoggerFactory>().AddProvider(provider);
    }
}
