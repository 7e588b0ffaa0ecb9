using System.Diagnostics;
using Kataven.Errors;
using Kataven.Observability;

namespace Kataven.Api.Observability;

/// <summary>One request from its first byte to its last: its span ①, how long it took, and how it ended.</summary>
internal readonly struct ObservedRequest : IDisposable
{
    /// <summary>What nothing is mapped to: a path of the caller's choice is no label.</summary>
    private const string NoRoute = "none";

    private readonly HttpContext _context;
    private readonly Activity? _span;
    private readonly long _began;

    public ObservedRequest(HttpContext context)
    {
        _context = context;
        _span = RequestPath.Route();
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>Called with each refusal that is written, so that the outcome is known by its code.</summary>
    public static void Refused(HttpContext context, ErrorCode code) =>
        context.Features.Set(new Outcome(ErrorCatalogue.Of(code).Code));

    public void Dispose()
    {
        var route = (_context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
        var code = _context.Features.Get<Outcome>()?.Code
            ?? (_context.RequestAborted.IsCancellationRequested ? "client_gone" : null);
        RequestMetrics.Answered(route, code ?? "ok", Stopwatch.GetElapsedTime(_began));
        _span.End(route, code);
        _span?.Dispose();
    }

    private sealed record Outcome(string Code);
}
