using System.Runtime.InteropServices;

namespace Kataven.Cli;

/// <summary>Turns the first Ctrl-C (or SIGTERM) into a cancelled token, so that the request is cancelled before the process ends.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];

    public CancellationToken Token => _source.Token;

    private void OnSignal(PosixSignalContext context)
    {
        // The second one is for whoever does not want to wait: it ends the process as if nobody listened.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();

        _source.Dispose();
    }
}
