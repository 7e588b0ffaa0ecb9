using Kataven.Hosting;
using Kataven.Observability;
using Kataven.Silo;

return await ProcessStart.RunAsync(async () =>
{
    var builder = Host.CreateApplicationBuilder(args);
    builder.AddKatavenSilo();
    builder.AddObservability(ManagementOptions.SiloDefault);

    using var host = builder.Build();
    host.CheckSettings();
    await host.StartManagementAsync(default);
    await host.EnsureSystemDatabaseAsync(default);
    await host.RunAsync();
});
