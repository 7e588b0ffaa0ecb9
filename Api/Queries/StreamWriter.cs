using Kataven.Api.Errors;
using Kataven.Api.Observability;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Queries;

namespace Kataven.Api.Queries;

/// <summary>Writes a stream part by part. What breaks before the first byte is answered with its status.</summary>
internal static class StreamWriter
{
    public static async Task WriteAsync(HttpContext context, TenantClient tenants, QueryBody query, StreamFormat format)
    {
        var part = await tenants.OpenStreamAsync(context, query.Statement, query.Options, format);
        if (part.Kind == AnswerKind.Refused)
        {
            await ProblemWriter.WriteAsync(context, part.Refusal!);
            return;
        }

        context.Response.ContentType = format == StreamFormat.Csv ? $"{AnswerFormat.Csv}; charset=utf-8; header=present" : AnswerFormat.Ndjson;
        var open = part.Stream;
        try
        {
            while (true)
            {
                open = part.Stream;
                await context.Response.BodyWriter.WriteAsync(part.Body, context.RequestAborted);
                if (part.Refusal is { } refusal)
                {
                    BreakOff(context, refusal, format);
                    return;
                }

                if (part.Stream is not { } stream)
                {
                    return;
                }

                part = await tenants.NextPartAsync(context, stream, query.Options);
                open = part.Stream;
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
        finally
        {
            if (open is { } stream)
            {
                await tenants.CloseStreamAsync(context, stream);
            }
        }
    }

    private static void BreakOff(HttpContext context, Refusal refusal, StreamFormat format)
    {
        ObservedRequest.Refused(context, refusal.Code);
        if (format == StreamFormat.Csv)
        {
            // Nothing in CSV says that it is not whole: the connection ends before the body does.
            context.Abort();
            return;
        }

        var output = context.Response.BodyWriter;
        System.Buffers.BuffersExtensions.Write(output, "{\"error\":"u8);
        ProblemWriter.Write(output, refusal, ProblemWriter.TraceId(context));
        System.Buffers.BuffersExtensions.Write(output, "}\n"u8);
    }
}
