using System.Diagnostics.Metrics;

namespace Kataven.Testing.Service;

/// <summary>Counts what goes out on the fast lanes of the service, whoever's they are.</summary>
public sealed class FastLaneCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sent;

    public FastLaneCount()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kataven.fast.group.size")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) => Interlocked.Add(ref _sent, size));
        _listener.Start();
    }

    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose() => _listener.Dispose();
}
