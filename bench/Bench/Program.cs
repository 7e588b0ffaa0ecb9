using Kataven.Bench;

try
{
    var options = BenchOptions.Parse(args);
    using var stop = new StopSignal();
    return await BenchRun.RunAsync(options, stop.Token);
}
catch (OperationCanceledException)
{
    return 130;
}
catch (Exception failure) when (failure is ArgumentException or InvalidDataException or Kataven.Postgres.Embedded.EmbeddedPostgresException)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
