using Kataven.Chaos.Runs;

// bench/chaos gives the folder for histories and the file for the tables ("-" for none), and hands on what it was given.
try
{
    return await LongRun.RunAsync(ChaosOptions.Parse(args[2..]), args[0], args[1] == "-" ? null : args[1]) == 0 ? 0 : 1;
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
