using Kataven.Api.Errors;
using Kataven.Api.Observability;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Queries;
using Kataven.Tenants;

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
        var tenant = tenants.Tenant(context.Account().Entry.Id);
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

                part = await NextAsync(tenant, stream, context.RequestAborted);
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
                await CloseAsync(tenant, stream);
            }
        }
    }

    private static async Task<StreamPart> NextAsync(ITenantGrain tenant, Guid stream, CancellationToken aborted)
    {
        try
        {
            return await tenant.NextPartAsync(stream, aborted);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return StreamPart.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "The stream's silo was lost."));
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

    private static async Task CloseAsync(ITenantGrain tenant, Guid stream)
    {
        try
        {
            await tenant.CloseStreamAsync(stream);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // Its silo ends it when nobody asks for more.
        }
    }
}
