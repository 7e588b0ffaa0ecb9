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
        if (await system.NamesAsync("SELECT coalesce(current_setting('file_copy_method', true), '')", [], cancellation).ConfigureAwait(false) is ["clone"])
        {
            return new CopyStrategy("FILE_COPY");
        }

        return await system.SizeOfAsync(source.Value, cancellation).ConfigureAwait(false) <= options.Value.CloneByCopyUpTo ? new CopyStrategy(null) : null;
    }
}
