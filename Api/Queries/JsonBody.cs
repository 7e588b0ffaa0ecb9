using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Kataven.Api.Errors;

namespace Kataven.Api.Queries;

/// <summary>Reads a whole body, which is JSON by its content type, within the limit.</summary>
internal static class JsonBody
{
    /// <summary>The body as the pipe holds it, until <paramref name="read"/> returns.</summary>
    /// <exception cref="RequestFault">It is not sent as JSON, or is not what <paramref name="read"/> takes.</exception>
    /// <exception cref="BadHttpRequestException">It is longer than the limit.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpContext context, Func<ReadOnlySequence<byte>, T> read)
    {
        if (!IsJson(context.Request.ContentType))
        {
            throw new RequestFault(ErrorCode.UnsupportedMediaType, "Send the body as application/json.");
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await ReadAsync(reader, context);
            if (!result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            try
            {
                return read(result.Buffer);
            }
            finally
            {
                reader.AdvanceTo(result.Buffer.End);
            }
        }
    }

    /// <summary>Kestrel says most of what is wrong with a body's chunks as a bad request, and some as an input error that looks like a fault of ours.</summary>
    private static async ValueTask<ReadResult> ReadAsync(PipeReader reader, HttpContext context)
    {
        try
        {
            return await reader.ReadAsync(context.RequestAborted);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new RequestFault("The body could not be read to its end.");
        }
    }

    private static bool IsJson(string? contentType)
    {
        if (contentType is null or "application/json")
        {
            return true;
        }

        return Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Encoding is UTF8Encoding);
    }
}
