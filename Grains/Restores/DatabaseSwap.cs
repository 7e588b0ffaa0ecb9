using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Restores;

/// <summary>
/// Puts another database in the place of an account's. Both are renamed in one transaction, so the account has the one or the other
/// at any moment, also where the process dies here.
/// </summary>
internal sealed class DatabaseSwap(SystemDatabase system, WorkingDatabases databases, AccountRole role)
{
    /// <summary>PostgreSQL itself waits five seconds for those who leave, each time.</summary>
    private const int Tries = 5;

    /// <param name="account">The account, whose requests are held.</param>
    /// <param name="roleName">Its role.</param>
    /// <param name="incoming">The database that is to be the account's.</param>
    /// <param name="outgoing">The name that its present one gets. Nobody may connect to it any more.</param>
    /// <param name="cancellation">Ends it, before it has happened.</param>
    public async Task SwapAsync(Account account, string roleName, string incoming, string outgoing, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            foreach (var name in new[] { account.Id.Value, incoming })
            {
                await databases.EndConnectionsAsync(name, cancellation).ConfigureAwait(false);
            }

            await role.EndConnectionsAsync(roleName, cancellation).ConfigureAwait(false);
            try
            {
                await RenameAsync(account, incoming, outgoing, cancellation).ConfigureAwait(false);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse && tries < Tries)
            {
                // Somebody came in between.
            }
        }
    }

    private async Task RenameAsync(Account account, string incoming, string outgoing, CancellationToken cancellation)
    {
        var slug = Sql.Name(account.Id.Value);
        string[] statements =
        [
            $"ALTER DATABASE {slug} RENAME TO {Sql.Name(outgoing)}",
            $"ALTER DATABASE {Sql.Name(incoming)} RENAME TO {slug}",
            $"ALTER DATABASE {slug} ALLOW_CONNECTIONS true",
            $"COMMENT ON DATABASE {slug} IS {Sql.Literal(AccountDatabase.MarkOf(account))}",
            $"ALTER DATABASE {Sql.Name(outgoing)} ALLOW_CONNECTIONS false",
            $"COMMENT ON DATABASE {Sql.Name(outgoing)} IS {Sql.Literal($"kataven replaced {account.Uid:D}")}",
        ];
        await using var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction) { CommandTimeout = SystemDatabase.StatementSeconds };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        // Not to be cancelled: whether it happened has to be known.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
