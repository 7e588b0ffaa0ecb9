using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Queries.Text;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Fast;

// What is asked of a statement that may have run before.
internal sealed partial class FastReads
{
    /// <summary>Words of what writes, behind whatever word the statement begins with. A read may have one of them too, as FOR UPDATE has.</summary>
    private static readonly string[] WritingWords = ["INSERT", "UPDATE", "DELETE", "MERGE", "INTO"];

    /// <summary>The caller's time is over already.</summary>
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a statement that ran where writes do not fail, and of whose end nothing is known, has done nothing but read. False also where
    /// that cannot be found out at once.
    /// </summary>
    public async ValueTask<bool> CanOnlyHaveReadAsync(Statement statement, CancellationToken caller)
    {
        if (StatementText.FirstKeyword(statement.Sql) is not ("SELECT" or "WITH" or "VALUES" or "TABLE")
            || WritingWords.Any(word => StatementText.HasKeyword(statement.Sql, word)))
        {
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(caller);
        limit.CancelAfter(SettleWithin);
        return (await OnlyReadsAsync(statement, limit.Token).ConfigureAwait(false)).OnlyReads;
    }

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
