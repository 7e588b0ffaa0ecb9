using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Operations;
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

    /// <param name="context">The operation.</param>
    /// <param name="account">The account, whose requests are held.</param>
    /// <param name="roleName">Its role.</param>
    /// <param name="incoming">The database that is to be the account's.</param>
    /// <param name="outgoing">The name that its present one gets. Nobody may connect to it any more.</param>
    /// <exception cref="OperationFailedException">The database of that name is not the account's.</exception>
    public async Task SwapAsync(OperationContext context, Account account, string roleName, string incoming, string outgoing)
    {
        var cancellation = context.Cancellation;
        for (var tries = 1; ; tries++)
        {
            foreach (var name in new[] { account.Id.Value, incoming })
            {
                await databases.EndConnectionsAsync(name, cancellation).ConfigureAwait(false);
            }

            await role.EndConnectionsAsync(roleName, cancellation).ConfigureAwait(false);
            try
            {
                await RenameAsync(context, account, incoming, outgoing).ConfigureAwait(false);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse && tries < Tries)
            {
                // Somebody came in between.
            }
        }
    }

    private async Task RenameAsync(OperationContext context, Account account, string incoming, string outgoing)
    {
        var cancellation = context.Cancellation;
        var slug = Sql.Name(account.Id.Value);
        string[] statements =
        [
            $"ALTER DATABASE {slug} RENAME TO {Sql.Name(outgoing)}",
            $"ALTER DATABASE {Sql.Name(incoming)} RENAME TO {slug}",
            $"ALTER DATABASE {slug} ALLOW_CONNECTIONS true",
            $"COMMENT ON DATABASE {slug} IS {Sql.Literal(AccountDatabase.MarkOf(account))}",
            $"ALTER DATABASE {Sql.Name(outgoing)} ALLOW_CONNECTIONS false",
            $"COMMENT ON DATABASE {Sql.Name(outgoing)} IS {Sql.Literal(AccountDatabase.ReplacedMarkOf(account))}",
        ];
        await using var connection = await system.OpenOwnAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await OperationTable.FenceAsync(connection, transaction, context.Id, context.Attempt, cancellation).ConfigureAwait(false);
        await RequireMarkAsync(connection, transaction, account, cancellation).ConfigureAwait(false);
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction) { CommandTimeout = SystemDatabase.StatementSeconds };
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        // Not to be cancelled: whether it happened has to be known.
        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>What somebody else has put under the account's name is not renamed, since what is replaced is dropped in the end.</summary>
    private static async Task RequireMarkAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Account account, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1", connection, transaction);
        command.Parameters.Add(new() { Value = account.Id.Value });
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string != AccountDatabase.MarkOf(account))
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.IsolationViolation, "The database behind the account is not marked as the account's: nothing was changed."));
        }
    }
}
