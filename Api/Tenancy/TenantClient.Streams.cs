using Kataven.Errors;
using Kataven.Queries;

namespace Kataven.Api.Tenancy;

// What comes behind a stream's first part. Each call is made once: a part that was lost on its way is nowhere else.
internal sealed partial class TenantClient
{
    private static readonly Refusal StreamLost = Refusal.Of(ErrorCode.DatabaseUnavailable, "The stream's silo was lost.");

    /// <summary>The tenant reads ahead of the client: the statement may have come to its end, and been committed, whatever the client has seen of it.</summary>
    private static readonly Refusal StreamUnknown = Refusal.Of(
        ErrorCode.OutcomeUnknown, "The stream was lost before the statement's end had been told: it may or may not have taken effect.");

    public async Task<StreamPart> NextPartAsync(HttpContext context, Guid stream, QueryOptions options)
    {
        var onlyReads = options.ReadOnly == true;
        StreamPart part;
        try
        {
            part = await Tenant(context.Account().Entry.Id).NextPartAsync(stream, context.RequestAborted);
        }
        catch (Exception exception) when (HadNoAnswer(exception) && !context.RequestAborted.IsCancellationRequested)
        {
            return StreamPart.Refused(onlyReads ? StreamLost : StreamUnknown);
        }

        // Without PostgreSQL's word for it: nobody took the last part in time, or another activation than the stream's was asked.
        return part.Refusal is { Code: ErrorCode.QueryCancelled, Sql: null } && !onlyReads ? part with { Refusal = StreamUnknown } : part;
    }

    public async Task CloseStreamAsync(HttpContext context, Guid stream)
    {
        try
        {
            await Tenant(context.Account().Entry.Id).CloseStreamAsync(stream);
        }
        catch (Exception exception) when (HadNoAnswer(exception))
        {
            // Its silo ends it when nobody asks for more.
        }
    }

    /// <summary>A member that has just gone makes Orleans cancel what it was addressing.</summary>
    private static bool HadNoAnswer(Exception exception) =>
        exception is OrleansException or TimeoutException or OperationCanceledException or DatabaseUnavailableException;
}
