using Kataven.Grains.Accounts;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Connections.Budget;

/// <summary>The number of connections that the whole cluster may hold open for accounts.</summary>
internal sealed class BudgetSize(SystemDatabase system, IOptions<ConnectionOptions> options)
{
    /// <summary>Eight in pools, and two in accounts' databases: more of those wait for each other.</summary>
    private const int FirstProcess = 10;

    private const int FurtherProcess = 7;

    private int? _serverSlots;

    /// <param name="processes">Members of the cluster.</param>
    public async Task<int> GetAsync(int processes)
    {
        if (options.Value.Budget > 0)
        {
            return options.Value.Budget;
        }

        _serverSlots ??= await ReadServerSlotsAsync();
        return Of(_serverSlots.Value, options.Value.Reserve, processes);
    }

    internal static int Of(int serverSlots, int reserve, int processes) =>
        Math.Max(1, serverSlots - (reserve > 0 ? reserve : FirstProcess + (FurtherProcess * Math.Max(0, processes - 1))));

    private async Task<int> ReadServerSlotsAsync()
    {
        await using var command = system.Command("""
            SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                 - coalesce(current_setting('reserved_connections', true)::int, 0)
            """);
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
