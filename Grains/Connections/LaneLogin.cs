using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Connections;

/// <summary>How lanes log in to an account's database, by one password of its role.</summary>
internal sealed class LaneLogin(AccountId account, Credential credential, SystemDatabase system) : IAsyncDisposable
{
    /// <summary>
    /// In the start-up packet, where it beats what the role has set for itself and is what DISCARD ALL goes back to.
    /// </summary>
    private const string SessionSettings =
        "-c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1 " +
        "-c standard_conforming_strings=on -c client_min_messages=warning -c default_transaction_read_only=off " +
        // Not the account's limit, which the pool's deadline keeps: the end of what outlives its silo.
        "-c statement_timeout=900000 -c idle_in_transaction_session_timeout=60000 -c idle_session_timeout=0";

    /// <summary>
    /// Of the fast lane: what would write fails, and what is not quick is ended before it holds up the others for long. Both
    /// limits count for each statement of a group. A single statement reads the same at each isolation level.
    /// </summary>
    private const string FastSettings =
        " -c default_transaction_read_only=on -c default_transaction_isolation=read\\ committed -c statement_timeout=50 -c lock_timeout=25";

    /// <summary>Milliseconds in which PostgreSQL has to answer a cancellation; then the connection is given up.</summary>
    public const int CancellationTimeout = 2_000;

    /// <summary>Statements that a fast lane keeps prepared; the one that was not used for longest goes first.</summary>
    private const int PreparedTexts = 200;

    private readonly Lazy<NpgsqlDataSource> _fast = new(() => Build(account, credential, system, fast: true));

    public Credential Credential { get; } = credential;

    public NpgsqlDataSource Ordinary { get; } = Build(account, credential, system, fast: false);

    public NpgsqlDataSource Fast => _fast.Value;

    public async ValueTask DisposeAsync()
    {
        await Ordinary.DisposeAsync().ConfigureAwait(false);
        if (_fast.IsValueCreated)
        {
            await _fast.Value.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static NpgsqlDataSource Build(AccountId account, Credential credential, SystemDatabase system, bool fast)
    {
        var settings = system.ForRole(account.Value, credential.Role, credential.Password);
        settings.Options = fast ? SessionSettings + FastSettings : SessionSettings;
        settings.ApplicationName = "kataven";
        settings.Encoding = "UTF8";
        settings.IncludeErrorDetail = true;
        settings.Timeout = 10;
        // The pool's deadline cancels; Npgsql's own would only get in its way.
        settings.CommandTimeout = 0;
        settings.CancellationTimeout = CancellationTimeout;
        settings.GssEncryptionMode = GssEncryptionMode.Disable;
        if (fast)
        {
            settings.MaxAutoPrepare = PreparedTexts;
            settings.AutoPrepareMinUsages = 2;
            // Of a group's statements, which one failed.
            settings.IncludeFailedBatchedCommand = true;
        }

        // Without loading types the first connection takes a third of the time: results are asked for as text.
        var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString) { Name = "kataven" };
        builder.EnableTransportSecurity();
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }
}
