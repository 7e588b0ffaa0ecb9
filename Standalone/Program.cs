using Kataven.Api.Hosting;
using Kataven.Hosting;
using Kataven.Postgres.Embedded;
using Kataven.Silo;
using Kataven.Standalone;

try
{
    return await ProcessStart.RunAsync(async () =>
    {
        var options = StandaloneOptions.Parse(args);
        await using var server = await PrivateServer.StartUnlessConfiguredAsync(options);
        await using var app = StandaloneHost.Build(options, server?.ConnectionString);
        await StandaloneHost.RunAsync(app, options, server is not null);
    });
}
catch (Exception exception) when (exception is ArgumentException or EmbeddedPostgresException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
