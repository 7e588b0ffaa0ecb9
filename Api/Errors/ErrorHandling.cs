using Kataven.Api.Observability;
using Kataven.Errors;
using Microsoft.AspNetCore.Diagnostics;

namespace Kataven.Api.Errors;

/// <summary>Gives the framework's own errors the form of all others: what nothing is mapped to, what cannot be read, what was not foreseen.</summary>
internal static partial class ErrorHandling
{
    public static WebApplication UseProblemDetails(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ErrorHandling).FullName!);
        app.Use((context, next) => CatchAsync(context, next, logger));
        app.UseStatusCodePages(pages => ProblemWriter.WriteAsync(pages.HttpContext, Of(pages.HttpContext.Response.StatusCode)));
        return app;
    }

    private static async Task CatchAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        using var observed = new ObservedRequest(context);
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var refusal = Of(exception);
            Log(exception, refusal, context.Request.Path, logger);
            await ProblemWriter.WriteAsync(context, refusal);
        }
    }

    /// <summary>What a caller is told of an exception.</summary>
    public static Refusal Of(Exception exception) => exception switch
    {
        RequestFault fault => Refusal.Of(fault.Code, fault.Message),
        UnansweredCall unanswered => unanswered.Refusal,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException bad => Refusal.Of(ErrorCode.InvalidRequest, bad.Message),
        DatabaseUnavailableException or TimeoutException or OrleansException =>
            Refusal.Of(ErrorCode.DatabaseUnavailable, "The service cannot answer now. Try again."),
        _ => Unforeseen,
    };

    private static void Log(Exception exception, Refusal refusal, PathString path, ILogger logger)
    {
        if (refusal.Code is ErrorCode.DatabaseUnavailable or ErrorCode.OutcomeUnknown)
        {
            LogUnavailable(logger, exception, path);
        }
        else if (refusal.Code == ErrorCode.InternalError)
        {
            LogUnforeseen(logger, exception, path);
        }
    }

    private static readonly Refusal Unforeseen = Refusal.Of(
        ErrorCode.InternalError, "Something went wrong that was not foreseen. The log has it under this trace id.");

    private static readonly Refusal TooLarge = Refusal.Of(
        ErrorCode.RequestTooLarge, $"The body is longer than {HttpLimits.MaxBody} bytes.");

    private static Refusal Of(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Refusal.Of(ErrorCode.Unauthorized, "Send a valid token as Authorization: Bearer."),
        StatusCodes.Status403Forbidden => Refusal.Of(ErrorCode.AdminOnly, "The token does not open this route."),
        StatusCodes.Status404NotFound => Refusal.Of(ErrorCode.NotFound, "There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed => Refusal.Of(ErrorCode.MethodNotAllowed, "This path does not take that method."),
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => Refusal.Of(ErrorCode.UnsupportedMediaType, "Send the body as application/json."),
        < 500 => Refusal.Of(ErrorCode.InvalidRequest, "The request could not be understood."),
        _ => Unforeseen,
    };
}
