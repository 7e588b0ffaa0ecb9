using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Npgsql;

namespace Kataven.Grains.Restores;

/// <summary>
/// Databases that operations make beside the accounts' own. Their names begin with <c>_</c>, so no account has them, and go on with
/// the operation's id: whoever finds one knows whose it is.
/// </summary>
internal sealed class WorkingDatabases(SystemDatabase system, TemplateDatabase template, AccountDatabase database, CloneMethod method)
{
    /// <summary>PostgreSQL's own words for a database that others are connected to.</summary>
    private const string InUse = PostgresErrorCodes.ObjectInUse;

    private const int CopyTries = 20;

    /// <summary>The database that the operation fills.</summary>
    public static string NameOf(Guid operation) => $"_{operation:N}";

    /// <summary>The database that the operation has replaced.</summary>
    public static string ReplacedNameOf(Guid operation) => $"_{operation:N}r";

    /// <summary>One whose removal was broken off can only be removed, and counts as gone.</summary>
    public async Task<bool> ExistsAsync(string name, CancellationToken cancellation) =>
        await system.NamesAsync("SELECT datname::text FROM pg_database WHERE datname = $1 AND datconnlimit <> -2", [name], cancellation).ConfigureAwait(false) is [_];

    /// <summary>Makes an empty database that is closed as an account's is, and stamped as this account's. What was there under the name goes.</summary>
    public async Task MakeAsync(string name, Credential credential, CancellationToken cancellation)
    {
        await DropAsync(name, cancellation).ConfigureAwait(false);
        await template.EnsureAsync(await ServerPowers.ReadAsync(system, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        await ExecuteAsync($"CREATE DATABASE {Sql.Name(name)} TEMPLATE {Sql.Name(TemplateDatabase.Name)} ALLOW_CONNECTIONS false", cancellation).ConfigureAwait(false);
        await EquipAsync(name, credential, isCopy: true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes a copy, which nobody may enter yet. Nobody else may be in the source meanwhile.</summary>
    /// <param name="name">The copy.</param>
    /// <param name="source">The database to copy.</param>
    /// <param name="strategy">A strategy of <c>CREATE DATABASE</c>, which has little time; or null for the server's own.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="NpgsqlException">It could not be copied so: <see cref="CloneMethod"/> chooses another way the next time.</exception>
    public async Task CopyAsync(string name, string source, string? strategy, CancellationToken cancellation)
    {
        await DropAsync(name, cancellation).ConfigureAwait(false);
        for (var tries = 1; ; tries++)
        {
            await EndConnectionsAsync(source, cancellation).ConfigureAwait(false);
            try
            {
                await system.ExecuteApartAsync(
                    $"CREATE DATABASE {Sql.Name(name)} TEMPLATE {Sql.Name(source)} ALLOW_CONNECTIONS false{(strategy is null ? "" : " STRATEGY " + strategy)}",
                    cancellation,
                    strategy is null ? 0 : CloneMethod.SecondsToClone).ConfigureAwait(false);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == InUse && tries < CopyTries)
            {
                // Somebody came in between.
            }
            catch (NpgsqlException exception) when (strategy is not null)
            {
                method.NotCloned(source, exception);
                throw;
            }
        }
    }

    /// <summary>Gives the account's role what it has in its own database.</summary>
    /// <param name="name">The database.</param>
    /// <param name="credential">The account's role, and its own id.</param>
    /// <param name="isCopy">Whether it is a fresh copy of the template.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task EquipAsync(string name, Credential credential, bool isCopy, CancellationToken cancellation)
    {
        await database.EnsureGrantsAsync(name, credential, cancellation).ConfigureAwait(false);
        await database.EnsureOwnershipAsync(name, credential, cancellation).ConfigureAwait(false);
        await database.EnsureClosedAsync(name, credential, isCopy, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="SystemDatabase.EndConnectionsAsync"/>
    public Task EndConnectionsAsync(string name, CancellationToken cancellation) => system.EndConnectionsAsync(name, cancellation);

    /// <summary>Lets in who has the right to connect: a database that was replaced lets nobody in.</summary>
    public Task AdmitAsync(string name, CancellationToken cancellation) =>
        system.ExecuteAsync($"ALTER DATABASE {Sql.Name(name)} ALLOW_CONNECTIONS true", cancellation);

    public async Task ShutAsync(string name, CancellationToken cancellation)
    {
        await system.ExecuteAsync($"ALTER DATABASE {Sql.Name(name)} ALLOW_CONNECTIONS false", cancellation).ConfigureAwait(false);
        await EndConnectionsAsync(name, cancellation).ConfigureAwait(false);
    }

    public Task DropAsync(string name, CancellationToken cancellation) =>
        ExecuteAsync($"DROP DATABASE IF EXISTS {Sql.Name(name)} WITH (FORCE)", cancellation);

    /// <summary>However long it takes: a large database is copied, or removed file by file.</summary>
    private Task ExecuteAsync(string sql, CancellationToken cancellation) => system.ExecuteApartAsync(sql, cancellation, seconds: 0);
}
