using Kataven.Queries;

namespace Kataven.Grains.Queries.Fast;

// What is asked of a statement that may have run before.
internal sealed partial class FastReads
{
    /// <summary>Whether a statement can do nothing but read where writes fail: by its text, and by the account's code as it is now.</summary>
    public async ValueTask<bool> OnlyReadsAsync(Statement statement, CancellationToken caller)
    {
        if ((await pool.RentAsync(caller).ConfigureAwait(false)).Lane is not { } lane)
        {
            return false;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(pool.Stopping, caller);
            limit.CancelAfter(ReadWithin);
            return FastText.Of(statement.Sql, await AccountCodeReader.ReadAsync(lane, sharesSession: false, limit.Token).ConfigureAwait(false)).OnlyReads;
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            pool.Lanes.Return(lane);
        }
    }
}
