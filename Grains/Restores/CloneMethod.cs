using System.Collections.Concurrent;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Restores;

/// <summary>
/// Chooses how a database is cloned: by PostgreSQL's own copy where that takes a moment, since the account's requests wait for it.
/// </summary>
internal sealed partial class CloneMethod(SystemDatabase system, IOptions<BackupOptions> options, ILogger<CloneMethod> logger)
{
    /// <summary>
    /// How long a copy by <c>file_copy_method=clone</c> may take, in seconds. On a file system that cannot share blocks the kernel copies
    /// every byte instead, and tells nobody. Together with the draining it has to be less than requests wait.
    /// </summary>
    public const int SecondsToClone = 3;

    private readonly ConcurrentDictionary<string, bool> _notCloned = new(StringComparer.Ordinal);

    /// <summary>The strategy of the copy, or null where a dump is better. After a clone that could not be made it is another one, once.</summary>
    public async Task<CopyStrategy?> ChooseAsync(AccountId source, CancellationToken cancellation)
    {
        if (options.Value.CloneByCopyUpTo == 0)
        {
            // The operator wants no request to wait.
            return null;
        }

        if (!_notCloned.TryRemove(source.Value, out _)
            && await system.NamesAsync("SELECT coalesce(current_setting('file_copy_method', true), '')", [], cancellation).ConfigureAwait(false) is ["clone"])
        {
            return new CopyStrategy("FILE_COPY");
        }

        return await system.SizeOfAsync(source.Value, cancellation).ConfigureAwait(false) <= options.Value.CloneByCopyUpTo ? new CopyStrategy(null) : null;
    }

    /// <summary>
    /// Remembers that a copy by files failed or took too long, so that the operation's next attempt takes another way. Whether a file system
    /// can clone no server says beforehand. One that was cut off says nothing about it.
    /// </summary>
    public void NotCloned(string source, NpgsqlException exception)
    {
        if (exception is PostgresException { IsTransient: false } or { InnerException: TimeoutException })
        {
            _notCloned[source] = true;
            LogNotCloned(source, SecondsToClone, exception.Message);
        }
    }
}
