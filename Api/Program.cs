using Kataven.Api.Hosting;
using Kataven.Hosting;
using Kataven.Observability;

return await ProcessStart.RunAsync(async () =>
{
    var builder = WebApplication.CreateBuilder(args);
    builder.JoinClusterAsFrontDoor();
    builder.AddFrontDoor();

    await using var app = builder.Build();
    app.CheckSettings();
    app.MapFrontDoor();
    await app.StartManagementAsync(default);
    await app.WaitForSystemDatabaseAsync(default);
    await app.RunAsync();
});
