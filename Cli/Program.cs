using Kataven.Cli;

using var interruption = new Interruption();
return await CliApp.RunAsync(args, CliConsole.OfProcess(), interruption.Token);
