using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Restores;

/// <summary>
/// Chooses how a database is cloned: by PostgreSQL's own copy where that takes a moment, since the account's requests wait for it.
/// </summary>
internal sealed class CloneMethod(SystemDatabase system, IOptions<BackupOptions> options)
{
    /// <summary>The strategy of the copy, or null where a dump is better.</summary>
    public async Task<CopyStrategy?> ChooseAsync(AccountId source, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            SELECT pg_database_size($1::name), coalesce(current_setting('file_copy_method', true) = 'clone', false)
            """);
        command.Parameters.Add(new() { Value = source.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return reader.GetBoolean(1) ? new CopyStrategy("FILE_COPY")
            : reader.GetInt64(0) <= options.Value.CloneByCopyUpTo ? new CopyStrategy(null)
            : null;
    }
}
