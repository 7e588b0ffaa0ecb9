using Kataven.Grains.Accounts;

namespace Kataven.Grains.Housekeeping;

/// <summary>Deletes what is old, a batch at a time: no statement takes long, and none holds many rows.</summary>
internal sealed class BatchedDeletion(SystemDatabase system)
{
    private const int BatchSize = 1000;

    /// <summary>Batches of one run: what is left then is for the next one.</summary>
    private const int MaxBatches = 100;

    /// <param name="sql">Deletes at most <c>$2</c> rows that are older than <c>$1</c> seconds.</param>
    /// <param name="olderThan">What is to go.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    public async Task RunAsync(string sql, TimeSpan olderThan, CancellationToken cancellation)
    {
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            await using var command = system.Command(sql);
            command.Parameters.Add(new() { Value = olderThan.TotalSeconds });
            command.Parameters.Add(new() { Value = BatchSize });
            if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) < BatchSize)
            {
                return;
            }
        }
    }
}
