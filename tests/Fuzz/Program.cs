using Kataven.Fuzz.Runs;

// bench/fuzz gives the service's program and the file for its log, and hands on what it was given.
try
{
    return await LongRun.RunAsync(FuzzOptions.Parse(args[2..]), args[0], args[1]) == 0 ? 0 : 1;
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
