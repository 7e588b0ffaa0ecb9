using System.Collections.Concurrent;
using Kataven.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Accounts;

/// <summary>
/// The silo's copy of the credentials, as they are stored, for the time in which the system database is away: an account that is known
/// is served then, also where it was used on another silo last, or never since this one started. Thread-safe.
/// </summary>
internal sealed partial class KnownCredentials : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>A change that was made as much before the last look may not have been seen by it: its transaction went on.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<AccountId, StoredCredential> _known = new();
    private readonly SystemDatabase _system;
    private DateTime _since = DateTime.MinValue;
    private readonly TimeProvider _time;
    private readonly ILogger<KnownCredentials> _logger;

    public KnownCredentials(SystemDatabase system, AccountDirectory directory, TimeProvider time, ILogger<KnownCredentials> logger)
    {
        (_system, _time, _logger) = (system, time, logger);
        directory.Changed += (account, row) =>
        {
            if (row is null)
            {
                _known.TryRemove(account, out _);
            }
        };
    }

    public StoredCredential? Find(AccountId account) => _known.GetValueOrDefault(account);

    /// <param name="account">The account.</param>
    /// <param name="credential">What was read, or null where there is none.</param>
    public void Keep(AccountId account, StoredCredential? credential)
    {
        if (credential is null)
        {
            _known.TryRemove(account, out _);
        }
        else
        {
            _known[account] = credential;
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryReadAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TryReadAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task TryReadAsync(CancellationToken cancellation)
    {
        try
        {
            _since = await ReadAsync(_since, cancellation).ConfigureAwait(false) - Overlap;
        }
        catch (Exception exception)
        {
            // The feed of accounts says that the system database is away.
            LogNotRead(exception);
        }
    }

    /// <returns>What the server's clock said before.</returns>
    private async Task<DateTime> ReadAsync(DateTime since, CancellationToken cancellation)
    {
        await using var connection = await _system.DataSource.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var clock = new NpgsqlCommand("SELECT clock_timestamp()", connection);
        var now = (DateTime)(await clock.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        await using var command = new NpgsqlCommand(StoredCredential.Query + " WHERE c.rotated_at > $1", connection);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = DateTime.SpecifyKind(since, DateTimeKind.Utc) });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            Keep(AccountId.Parse(reader.GetString(4)), StoredCredential.Of(reader));
        }

        return now;
    }
}
