using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Fast;

// What is asked of a statement that may have run before.
internal sealed partial class FastReads
{
    /// <summary>Whether a statement can do nothing but read where writes fail: by its text, and by the account's code as it is now.</summary>
    /// <returns>Why that could not be found out now, where it could not.</returns>
    public async ValueTask<(bool OnlyReads, Refusal? Trouble)> OnlyReadsAsync(Statement statement, CancellationToken caller)
    {
        var grant = await pool.RentAsync(caller).ConfigureAwait(false);
        if (grant.Lane is not { } lane)
        {
            return (false, grant.Refusal);
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(pool.Stopping, caller);
            limit.CancelAfter(ReadWithin);
            return (FastText.Of(statement.Sql, await AccountCodeReader.ReadAsync(lane, sharesSession: false, limit.Token).ConfigureAwait(false)).OnlyReads, null);
        }
        catch (Exception)
        {
            return (false, Databases.Unavailable("The account's catalog could not be read."));
        }
        finally
        {
            pool.Lanes.Return(lane);
        }
    }
}
