using Kataven.Fleet.Tests.Migrations;
using Kataven.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;
using Orleans.Core.Internal;

namespace Kataven.Fleet.Tests.Operations;

[Collection(FleetCollection.Name)]
public sealed class PutDownTests(FleetService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>More of them than attempts that may fail: as when many silos are restarted one after the other, and each of them had it.</summary>
    [Fact]
    public async Task An_operation_that_silos_put_down_when_they_stop_goes_on_however_often()
    {
        var slug = await service.NewAtAsync(2, "one");
        string id;
        await using (await HoldItemsAsync(slug))
        {
            id = await service.BeginAsync($"/accounts/{slug}/backups");
            for (var silo = 1; silo <= 7; silo++)
            {
                var operation = service.Grains.GetGrain<IOperationGrain>(Guid.Parse(id));
                await operation.ResumeAsync();
                await IsAsync(id, attempt: silo, putDown: silo - 1);

                await operation.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);

                await IsAsync(id, attempt: silo, putDown: silo);
            }
        }

        await service.SucceededAsync(id);
    }

    /// <summary>What is dumped waits for whoever has the table.</summary>
    private async Task<IAsyncDisposable> HoldItemsAsync(string slug)
    {
        var connection = await service.OpenInAsync(slug);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE item IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private Task IsAsync(string id, int attempt, int putDown) => Eventually.Async(
        async () => await service.SystemScalarAsync<bool>(
            "SELECT attempt >= $2 AND put_down >= $3 FROM kataven.operation WHERE operation_id = $1", Guid.Parse(id), attempt, putDown),
        Patience,
        $"it is at attempt {attempt}, of which {putDown} were put down");
}
