using System.Globalization;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Isolation;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Backups;

/// <summary>Brings databases into the store and back: who, with which programs, and whether what arrived is what was sent.</summary>
internal sealed class BackupArchive(
    SystemDatabase system, CredentialStore credentials, BackupRole role, RoleLogin roleLogin, PgTools tools, IBackupStore store, IOptions<BackupOptions> options, TimeProvider time)
{
    /// <summary>Of a database's size, in its backup: a smaller one says that the database was empty space for the most part.</summary>
    private const double LeastPart = 0.125;

    /// <summary>The same as a rule, where nobody knows yet.</summary>
    private const double UsualPart = 1 / 3.0;

    /// <summary>A backup that is only looked at takes this much less of the server and the machine than one that is restored.</summary>
    private const double ReadsFaster = 4;

    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Dumps an account's database as it is at one moment; the account serves on.</summary>
    /// <param name="account">The account.</param>
    /// <param name="name">What it is called in the store.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="progress">Gets the bytes so far.</param>
    /// <param name="beside">Given the snapshot that was dumped while that is open still, and before the dump is put in the place of what has the name: what this throws leaves that as it is.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PgToolException">It could not be dumped; nothing is in the store.</exception>
    /// <exception cref="BackupStoreException">It could not be kept; nothing is in the store.</exception>
    public async Task<DumpedBackup> DumpAsync(
        AccountId account, BackupName name, DumpPurpose purpose, IProgress<long>? progress, Func<string, Task> beside, CancellationToken cancellation)
    {
        var bytes = await LimitAsync(limited => system.SizeOfAsync(account.Value, limited), cancellation).ConfigureAwait(false);
        // Of what hardly gets smaller the dump is as large as the database, and goes at the usual part of its rate.
        var pacedBytes = purpose == DumpPurpose.Clone ? bytes / UsualPart : 0;
        return await LimitAsync(limited => DumpWithinAsync(account, name, purpose, bytes, progress, beside, limited), cancellation, pacedBytes).ConfigureAwait(false);
    }

    private async Task<DumpedBackup> DumpWithinAsync(
        AccountId account, BackupName name, DumpPurpose purpose, long bytes, IProgress<long>? progress, Func<string, Task> beside, CancellationToken limited)
    {
        var (toolset, version) = await ToolsAsync(limited).ConfigureAwait(false);
        var owner = await credentials.FindAsync(account, limited).ConfigureAwait(false)
            ?? throw new PgToolException("The account has no role yet. Its first request, or a repair, makes it.");
        var login = await LoginAsync(owner, account.Value, limited).ConfigureAwait(false);
        await using var snapshot = await DatabaseSnapshot.OpenAsync(login, limited).ConfigureAwait(false);
        var pace = new Pace(purpose == DumpPurpose.Clone ? options.Value.MaxRestoreRate * UsualPart : null, time);
        BackupManifest? manifest = null;
        var stored = await store.WriteAsync(
            name,
            async (target, inner) =>
            {
                manifest = await DumpAndCountAsync(
                    snapshot, bytes, end => PgDump.RunAsync(toolset, login.Settings, snapshot.Id, purpose, pace, target, progress, end), inner).ConfigureAwait(false);
                await beside(snapshot.Id).ConfigureAwait(false);
            },
            limited).ConfigureAwait(false);
        return new DumpedBackup(stored, version, manifest!);
    }

    /// <summary>Counts what is in a database: an account's own, or one that an operation made for it.</summary>
    public Task<BackupManifest> ManifestAsync(Credential owner, string database, CancellationToken cancellation) => LimitAsync(
        async limited =>
        {
            var login = await LoginAsync(owner, database, limited).ConfigureAwait(false);
            await using var snapshot = await DatabaseSnapshot.OpenAsync(login, limited).ConfigureAwait(false);
            return await snapshot.CountAsync(await system.SizeOfAsync(database, limited).ConfigureAwait(false), limited).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>
    /// Fills a database that is closed and empty, on connections that log in as the account's own role: whatever is in the backup gets no
    /// more rights than that. Every byte of it is compared before the first is used.
    /// </summary>
    /// <param name="name">The backup.</param>
    /// <param name="expected">What was written of it.</param>
    /// <param name="databaseBytes">What the database that was dumped took on its server.</param>
    /// <param name="database">The database to fill.</param>
    /// <param name="owner">The role that gets it, and that the database lets in.</param>
    /// <param name="sameRole">Whether that is the role whose database was dumped.</param>
    /// <param name="progress">Gets the bytes that were restored.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BackupCorruptException">It is not what was written; the database is untouched unless it changed meanwhile.</exception>
    /// <exception cref="PgToolException">Something of it could not be restored: the database is half filled.</exception>
    public Task<RestoreOutcome> RestoreAsync(
        BackupName name, StoredBackup expected, long databaseBytes, string database, Credential owner, bool sameRole, IProgress<long>? progress,
        CancellationToken cancellation) => LimitAsync(
        async limited =>
        {
            var (toolset, _) = await ToolsAsync(limited).ConfigureAwait(false);
            ArchiveContent content;
            await using (var backup = await store.OpenReadAsync(name, expected, limited).ConfigureAwait(false))
            {
                content = await ArchiveContent.ReadAsync(toolset, backup, new Pace(ReadsFaster * RateOf(expected.Bytes, databaseBytes), time), limited).ConfigureAwait(false);
            }

            using (content)
            {
                await using var again = await store.OpenReadAsync(name, expected, limited).ConfigureAwait(false);
                var login = await roleLogin.ProveAsync(database, owner, limited).ConfigureAwait(false);
                return await PgRestore.RunAsync(toolset, content, again, login, sameRole, new Pace(RateOf(expected.Bytes, databaseBytes), time), progress, limited).ConfigureAwait(false);
            }
        },
        cancellation,
        // Of a backup that is larger than its database, its own bytes go at that rate.
        Math.Max(expected.Bytes, databaseBytes));

    /// <summary>Who dumps the database: the service's own role, let in, or its owner's where there can be no such role.</summary>
    public async Task<BackupLogin> LoginAsync(Credential owner, string database, CancellationToken cancellation)
    {
        if (await role.EnsureAsync(cancellation).ConfigureAwait(false) is var (name, password))
        {
            await role.GrantAsync(database, name, cancellation).ConfigureAwait(false);
            return new BackupLogin(system.ForRole(database, name, password), IsAccounts: false);
        }

        return new BackupLogin(await roleLogin.ProveAsync(database, owner, cancellation).ConfigureAwait(false), IsAccounts: true);
    }

    /// <summary>Both at once; where one fails, the other is ended.</summary>
    private static async Task<BackupManifest> DumpAndCountAsync(
        DatabaseSnapshot snapshot, long bytes, Func<CancellationToken, Task> dump, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var counted = snapshot.CountAsync(bytes, either.Token);
        var dumped = dump(either.Token);
        var first = await Task.WhenAny(counted, dumped).ConfigureAwait(false);
        if (!first.IsCompletedSuccessfully)
        {
            await either.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(counted, dumped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first.ConfigureAwait(false);
        }

        await dumped.ConfigureAwait(false);
        return await counted.ConfigureAwait(false);
    }

    private async Task<(PgToolset Tools, string ServerVersion)> ToolsAsync(CancellationToken cancellation)
    {
        var version = await system.NamesAsync("SELECT current_setting('server_version') UNION ALL SELECT current_setting('server_version_num')", [], cancellation).ConfigureAwait(false);
        return (await tools.FindAsync(int.Parse(version[1], CultureInfo.InvariantCulture) / 10_000, cancellation).ConfigureAwait(false), version[0]);
    }

    /// <summary>What the setting says of a database, for the backup of it.</summary>
    private double RateOf(long backupBytes, long databaseBytes) =>
        options.Value.MaxRestoreRate * Math.Clamp((double)backupBytes / Math.Max(1, databaseBytes), LeastPart, 1);

    /// <summary>How long something may take: what is slow on purpose does not count.</summary>
    /// <param name="options">With the limit, and the rate.</param>
    /// <param name="pacedBytes">What goes at that rate, after it was looked at.</param>
    internal static TimeSpan Longest(BackupOptions options, double pacedBytes)
    {
        var longest = options.TimeLimit + TimeSpan.FromSeconds((1 + (1 / ReadsFaster)) * pacedBytes / options.MaxRestoreRate);
        return longest < LongestTimer ? longest : LongestTimer;
    }

    /// <exception cref="PgToolException">It took too long.</exception>
    private async Task<T> LimitAsync<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancellation, double pacedBytes = 0)
    {
        var longest = Longest(options.Value, pacedBytes);
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await act(either.Token).ConfigureAwait(false);
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new PgToolException($"It took longer than {longest:c}: raise Kataven:Backups:TimeLimit, or look what the account's database does.");
        }
        catch (PostgresException exception) when (!Kataven.Errors.SqlStates.IsUnavailable(exception.SqlState))
        {
            throw new PgToolException($"PostgreSQL refused it ({exception.SqlState}): {exception.MessageText}");
        }
    }
}
