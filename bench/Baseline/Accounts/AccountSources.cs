using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Baseline.Accounts;

/// <summary>A pool of connections for each account, made at its first request.</summary>
internal sealed class AccountSources(IOptions<BaselineOptions> options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> _sources = new();

    public NpgsqlDataSource Of(string account) => _sources.GetOrAdd(account, Make);

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources.Values)
        {
            await source.DisposeAsync();
        }
    }

    private NpgsqlDataSource Make(string account)
    {
        // No query for the types of each database: those that every PostgreSQL has are enough, and a first connection takes a third of the time.
        var builder = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder(options.Value.Accounts) { Database = account }.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }
}
