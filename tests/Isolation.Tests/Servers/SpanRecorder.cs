using System.Collections.Concurrent;
using System.Diagnostics;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>Keeps all that the process's spans say, whatever their source.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Spans.Enqueue((activity.Source.Name, TextOf(activity))),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<(string Source, string Text)> Spans { get; } = new();

    public void Dispose() => _listener.Dispose();

    private static string TextOf(Activity span) => string.Join(
        '\n',
        [
            span.OperationName, span.DisplayName, span.StatusDescription ?? "", span.TraceStateString ?? "", TextOf(span.TagObjects),
            .. span.Events.Select(happened => $"{happened.Name} {TextOf(happened.Tags)}"),
            .. span.Links.Select(link => TextOf(link.Tags ?? [])),
            .. span.Baggage.Select(item => $"{item.Key}={item.Value}"),
        ]);

    private static string TextOf(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => $"{tag.Key}={(tag.Value is System.Collections.IEnumerable many and not string ? string.Join(',', many.Cast<object>()) : tag.Value)}"));
}
