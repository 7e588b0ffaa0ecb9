using System.Globalization;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// The connection that scripts run on. It logged in as the account's own role: whatever of the account's code a script sets off has
/// the account's rights and no others. Each failure of it is a <see cref="ScriptException"/>.
/// </summary>
internal sealed class ScriptConnection : IAsyncDisposable
{
    /// <summary>By which a connection that its process left behind is found.</summary>
    public const string ApplicationName = "kataven-migration";

    /// <summary>
    /// In the start-up packet, where it beats what the role has set for itself: a script means the same in every account, and
    /// takes one of the server's processors, also for an index, not three; it may set itself more.
    /// </summary>
    private const string SessionSettings = RoleLogin.Settings
        + " -c search_path=\"$user\",public -c idle_in_transaction_session_timeout=60000"
        + " -c max_parallel_maintenance_workers=0 -c max_parallel_workers_per_gather=0";

    /// <summary>How much later than PostgreSQL the service ends a statement, which may have switched PostgreSQL's limit off.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>How long the end of a backend is waited for: some work no signal reaches.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly AccountRole _role;
    private readonly string _roleName;
    private readonly TimeSpan _statementLimit;
    private readonly TimeProvider _time;
    private bool _isSound = true;
    private bool _isDisposed;

    private ScriptConnection(NpgsqlDataSource source, NpgsqlConnection connection, AccountRole role, string roleName, TimeSpan statementLimit, TimeProvider time)
    {
        (_source, _connection, _role, _roleName, _statementLimit, _time) = (source, connection, role, roleName, statementLimit, time);
        ProcessId = connection.ProcessID;
    }

    public int ProcessId { get; }

    /// <summary>Whether statements can still be run here.</summary>
    public bool IsSound => _isSound && _connection.State == System.Data.ConnectionState.Open;

    public NpgsqlConnection Connection => _connection;

    public static async Task<ScriptConnection> OpenAsync(
        SystemDatabase system, AccountRole role, AccountId account, Credential credential, MigrationOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var settings = system.ForRole(account.Value, credential.Role, credential.Password);
        settings.Options = SessionSettings + string.Create(
            CultureInfo.InvariantCulture,
            $" -c statement_timeout={(long)options.StatementTimeout.TotalMilliseconds} -c lock_timeout={(long)options.LockTimeout.TotalMilliseconds}");
        settings.ApplicationName = ApplicationName;
        settings.Encoding = "UTF8";
        settings.IncludeErrorDetail = true;
        settings.Timeout = 10;
        settings.CommandTimeout = 0;
        settings.CancellationTimeout = 2_000;
        settings.GssEncryptionMode = GssEncryptionMode.Disable;
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString) { Name = ApplicationName };
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        var source = builder.Build();
        try
        {
            var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            return new ScriptConnection(source, connection, role, credential.Role, options.StatementTimeout + Grace, time);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Begins a transaction, and returns its id.</summary>
    public async Task<ulong> BeginAsync(CancellationToken cancellation)
    {
        await ExecuteAsync("BEGIN", cancellation).ConfigureAwait(false);
        return await TransactionIdAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The id of the transaction that is open; where none is, one of a transaction that ends with the question.</summary>
    public async Task<ulong> TransactionIdAsync(CancellationToken cancellation) => ulong.Parse(
        (await RunAsync("SELECT pg_catalog.pg_current_xact_id()", cancellation).ConfigureAwait(false))!, CultureInfo.InvariantCulture);

    public async Task ExecuteAsync(ScriptStatement statement, CancellationToken cancellation)
    {
        try
        {
            await RunAsync(statement.Sql, cancellation).ConfigureAwait(false);
        }
        catch (ScriptException exception)
        {
            throw exception.At(statement);
        }
    }

    public Task ExecuteAsync(string sql, CancellationToken cancellation) => RunAsync(sql, cancellation);

    /// <summary>After this no transaction of the connection is open on the server, and no statement of it runs.</summary>
    /// <exception cref="ScriptException">The server does not end it.</exception>
    public async Task EndTransactionAsync()
    {
        if (IsSound)
        {
            try
            {
                await RunAsync("ROLLBACK", CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (ScriptException)
            {
                // Then its process goes, and the transaction with it.
            }
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // A second time its process id might be another connection's.
        var isGone = IsSound || _isDisposed;
        (_isSound, _isDisposed) = (false, true);
        await _connection.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        if (isGone)
        {
            return;
        }

        using var patience = new CancellationTokenSource(EndWithin, _time);
        try
        {
            await _role.TerminateAsync(_roleName, ProcessId, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            throw ScriptException.Of("57014", "A backend of the migration does not end. It is ended when the account is migrated next.", isCertain: false, exception);
        }
    }

    private async Task<string?> RunAsync(string sql, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_statementLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            // Only a batch sends a statement as it stands.
            await using var batch = new NpgsqlBatch(_connection);
            NpgsqlInternals.AskForText(batch, true);
            batch.BatchCommands.Add(new(sql));
            await using var reader = await batch.ExecuteReaderAsync(either.Token).ConfigureAwait(false);
            var first = await reader.ReadAsync(either.Token).ConfigureAwait(false) && reader.FieldCount > 0 && !await reader.IsDBNullAsync(0, either.Token).ConfigureAwait(false)
                ? reader.GetString(0)
                : null;
            while (await reader.ReadAsync(either.Token).ConfigureAwait(false))
            {
                // Nobody wants it.
            }

            return first;
        }
        catch (OperationCanceledException exception)
        {
            var cancelled = exception.InnerException as PostgresException;
            _isSound &= cancelled is not null;
            throw ScriptException.Of(
                "57014",
                cancellation.IsCancellationRequested ? "The migration was cancelled." : "canceling statement due to statement timeout",
                isCertain: cancelled is not null,
                exception);
        }
        catch (PostgresException exception)
        {
            throw ScriptException.Of(exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException or InvalidOperationException or NotSupportedException)
        {
            _isSound = false;
            throw ScriptException.Of("08006", "The connection to the database was lost.", isCertain: false, exception);
        }
    }
}
