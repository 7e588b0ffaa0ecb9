using Kataven.Errors;

namespace Kataven.Api.Errors;

/// <summary>How much of a request is read.</summary>
internal static class HttpLimits
{
    /// <summary>Bytes of a body.</summary>
    public const int MaxBody = 10 * 1024 * 1024;

    /// <summary>Bytes of all headers that a request is answered with. Kestrel itself takes more, so that what is over is told why.</summary>
    public const int MaxHeaders = 32 * 1024;

    /// <summary>Header lines that a request is answered with.</summary>
    public const int MaxHeaderLines = 100;

    /// <summary>Header lines beyond which Kestrel gives up, with 431 and no body.</summary>
    public const int MaxHeaderLinesRead = 2_000;

    /// <summary>Bytes of all headers beyond which Kestrel gives up, with 431 and no body.</summary>
    public const int MaxHeadersRead = 256 * 1024;

    private static readonly Refusal TooLarge = Refusal.Of(
        ErrorCode.RequestTooLarge, $"There are more than {MaxHeaders} bytes of headers, or more than {MaxHeaderLines} lines.");

    public static WebApplicationBuilder AddHttpLimits(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeadersRead;
            kestrel.Limits.MaxRequestHeaderCount = MaxHeaderLinesRead;
            // Kestrel refuses bytes that are no UTF-8 by itself, without a body. Taken as they come, they are no token and no slug.
            kestrel.RequestHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
        });
        return builder;
    }

    public static WebApplication UseHttpLimits(this WebApplication app)
    {
        app.Use(static (context, next) => IsWithin(context.Request.Headers) ? next(context) : ProblemWriter.WriteAsync(context, TooLarge));
        return app;
    }

    /// <summary>Whether a request with these headers is answered.</summary>
    public static bool IsWithin(IHeaderDictionary headers)
    {
        var (bytes, lines) = (0, 0);
        foreach (var header in headers)
        {
            foreach (var value in header.Value)
            {
                bytes += header.Key.Length + (value?.Length ?? 0);
                lines++;
            }
        }

        return bytes <= MaxHeaders && lines <= MaxHeaderLines;
    }
}
