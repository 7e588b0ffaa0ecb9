using Kataven.Queries;
using Microsoft.Net.Http.Headers;

namespace Kataven.Api.Queries;

/// <summary>Which form of answer a request accepts.</summary>
internal static class AnswerFormat
{
    public const string Ndjson = "application/x-ndjson";

    public const string Csv = "text/csv";

    /// <summary>The stream that is preferred to plain JSON, or null.</summary>
    public static StreamFormat? Of(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept!, out var types))
        {
            return null;
        }

        var best = types.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1)
            .FirstOrDefault(type => type.MediaType.Value is Ndjson or Csv or "application/json" or "application/*" or "*/*");
        return best?.MediaType.Value switch
        {
            Ndjson => StreamFormat.Ndjson,
            Csv => StreamFormat.Csv,
            _ => null,
        };
    }
}
