using Kataven.Testing;
using Npgsql;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>Stops a dump of an account in its middle: <c>pg_dump</c> waits for a sequence that somebody is about to remove.</summary>
public sealed class DumpStop : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly KilledService _service;
    private readonly string _account;
    private readonly NpgsqlConnection _holder;

    private DumpStop(KilledService service, string account, NpgsqlConnection holder) => (_service, _account, _holder) = (service, account, holder);

    public static async Task<DumpStop> ArmAsync(KilledService service, FleetAccount account)
    {
        var holder = await service.OpenAsync(account.Id);
        await using var command = new NpgsqlCommand("BEGIN; DROP SEQUENCE counter", holder);
        await command.ExecuteNonQueryAsync();
        return new DumpStop(service, account.Id, holder);
    }

    /// <summary>Returns when the dump is under way, and its file is begun.</summary>
    public Task ReachedAsync() => Eventually.Async(
        async () => await _service.ScalarAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_account}' AND application_name = 'kataven-backup' AND wait_event_type = 'Lock'") > 0
            && _service.Backups.EnumerateFiles("*.unfinished", SearchOption.AllDirectories).Any(),
        Patience,
        "pg_dump waits");

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
