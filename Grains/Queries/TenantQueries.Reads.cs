using Kataven.Errors;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries;

// What became of a statement is not known. Where it can only have read, nothing has become of it.
internal sealed partial class TenantQueries
{
    private static readonly Refusal MayHaveHappened = Refusal.Of(
        ErrorCode.OutcomeUnknown, "The connection or the silo was lost after the statement had been sent: it may or may not have taken effect.");

    /// <summary>Where writes fail, and only where nothing else that it can reach does more than read.</summary>
    private async Task<Answer> AnswerIfItReadsAsync(QueryRequest request, CancellationToken caller)
    {
        var (onlyReads, trouble) = await fast.OnlyReadsAsync(request.Statement, caller).ConfigureAwait(false);
        if (!onlyReads)
        {
            return Refuse(trouble ?? MayHaveHappened);
        }

        var only = request with { Options = request.Options with { ReadOnly = true } };
        var answer = await AnswerAsync([only.Statement], only.Options, (lane, output, work) => RunAsync(lane, only, output, work), caller).ConfigureAwait(false);
        return answer.Refusal?.Sql?.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction ? Refuse(MayHaveHappened) : answer;
    }
}
