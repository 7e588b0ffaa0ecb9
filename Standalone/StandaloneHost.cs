using Kataven.Api.Hosting;
using Kataven.Hosting;
using Kataven.Observability;
using Kataven.Silo;
using Orleans.Configuration;

namespace Kataven.Standalone;

/// <summary>Front door and silo in one process.</summary>
internal static class StandaloneHost
{
    public static WebApplication Build(StandaloneOptions options, string? privateServer)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = options.Rest,
            EnvironmentName = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
            ContentRootPath = AppContext.BaseDirectory,
        });
        var address = $"http://127.0.0.1:{options.Port}";
        builder.WebHost.UseUrls(address);
        // Under what the environment and the command line say, since they come later.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["ConnectionStrings:System"] = privateServer,
                ["Kataven:Auth:DevelopmentIssuer"] = address,
                // One process is the whole cluster: nobody else needs to find it, and two of them must not meet.
                ["Kataven:Silo:SiloPort"] = "0",
                ["Kataven:Silo:GatewayPort"] = "0",
                ["Kataven:Silo:Name"] = "standalone",
                // Nor does a balancer have to notice that it goes.
                ["Kataven:Drain:Notice"] = "00:00:00",
                ["Kataven:Backups:Directory"] = Path.Combine(options.DataDirectory, "backups"),
            },
        });
        // Where it was started, not where the program lies; a folder that is named has to be there.
        if (builder.Configuration["Kataven:Migrations:Directory"] is null && Directory.Exists("migrations"))
        {
            builder.Configuration["Kataven:Migrations:Directory"] = Path.GetFullPath("migrations");
        }

        builder.AddKatavenSilo();
        // Nor is there anybody to hand its accounts over to.
        builder.Services.PostConfigure<SiloMessagingOptions>(options => options.WaitForMessageToBeQueuedForOutboundTime = TimeSpan.Zero);
        builder.AddFrontDoor();
        var app = builder.Build();
        app.CheckSettings();
        app.MapFrontDoor();
        return app;
    }

    /// <summary>Returns when the front door listens.</summary>
    /// <param name="app">What <see cref="Build"/> gave.</param>
    /// <param name="isPrivateServer">True where nobody else uses the server.</param>
    public static async Task StartAsync(WebApplication app, bool isPrivateServer)
    {
        await app.StartManagementAsync(default);
        await app.EnsureSystemDatabaseAsync(default);
        if (isPrivateServer)
        {
            await app.ForgetFormerMembersAsync(default);
        }

        await app.StartAsync();
    }

    public static async Task RunAsync(WebApplication app, StandaloneOptions options, bool isPrivateServer)
    {
        await StartAsync(app, isPrivateServer);
        if (isPrivateServer)
        {
            await DemoAccounts.EnsureAsync(app.Services.GetRequiredService<IGrainFactory>());
        }

        Console.WriteLine(await Welcome.TextAsync($"http://127.0.0.1:{options.Port}", app.HasDevelopmentIssuer(), default));
        await app.WaitForShutdownAsync();
    }
}
