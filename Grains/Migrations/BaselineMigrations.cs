using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>Applies all migrations to an account that is being made, before anybody can use it.</summary>
internal sealed class BaselineMigrations(MigrationScripts scripts, MigrationRunner runner, AccountStateTable states)
{
    /// <summary>Null, or why not.</summary>
    /// <exception cref="NpgsqlException">The connection was lost: the same again finishes it.</exception>
    public async Task<Refusal?> ApplyAsync(AccountId account, Credential credential, CancellationToken cancellation)
    {
        var version = 0;
        if (scripts.All.Count > 0)
        {
            var result = await runner.ApplyAsync(account, credential, null, (_, _) => Task.CompletedTask, cancellation).ConfigureAwait(false);
            if (result.Refusal is { } refusal)
            {
                return refusal;
            }

            if (result.Failure is { } failure)
            {
                return MigrationFaults.IsLoss(failure) ? throw new NpgsqlException(failure.Sql.Message) : MigrationFaults.RefusalOf(failure);
            }

            version = result.Version;
        }

        await states.SetVersionAsync(account, credential.AccountUid, version, cancellation).ConfigureAwait(false);
        return null;
    }
}
