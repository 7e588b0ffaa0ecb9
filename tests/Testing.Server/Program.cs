using System.Globalization;
using System.Runtime.InteropServices;
using Kataven.Postgres.Embedded;
using Kataven.Testing;

// The server that all test programs share: Testing.Server CONNECTION_STRING_FILE MAX_CONNECTIONS [DATA_DIRECTORY]
// It stops when its standard input ends, or on SIGTERM or Ctrl-C. A data directory that is named is kept.
var options = ThrowawayServer.Options(int.Parse(args[1], CultureInfo.InvariantCulture));
if (args is [_, _, var dataDirectory])
{
    options = options with { DataDirectory = dataDirectory, DeleteOnDispose = false };
}

using var stop = new CancellationTokenSource();
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var server = await EmbeddedPostgres.StartAsync(options, stop.Token);

    // The file appears whole, so that whoever waits for it never reads half of it.
    await File.WriteAllTextAsync(args[0] + ".part", server.ConnectionString + "\n", stop.Token);
    File.Move(args[0] + ".part", args[0], overwrite: true);
    await Console.OpenStandardInput().CopyToAsync(Stream.Null, CancellationToken.None).WaitAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (EmbeddedPostgresException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
