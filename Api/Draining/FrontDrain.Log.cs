namespace Kataven.Api.Draining;

internal sealed partial class FrontDrain
{
    [LoggerMessage(LogLevel.Information, "The front door stops: it is not ready any more, and takes requests for {Seconds} s (Kataven:Drain:Notice)")]
    private partial void LogDrains(double seconds);

    [LoggerMessage(LogLevel.Information, "The front door takes no connection any more: what runs may end")]
    private partial void LogCloses();
}
