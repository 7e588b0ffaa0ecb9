namespace Kataven.Api.Errors;

internal static partial class ErrorHandling
{
    [LoggerMessage(LogLevel.Warning, "{Path} could not be answered")]
    private static partial void LogUnavailable(ILogger logger, Exception exception, PathString path);

    [LoggerMessage(LogLevel.Error, "{Path} failed in a way that was not foreseen")]
    private static partial void LogUnforeseen(ILogger logger, Exception exception, PathString path);
}
