using System.Text.Json;
using Kataven.Fleet.Tests.Operations;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>A materialized view that was filled once, and whose query fails with what is in the account by now.</summary>
internal static class UnfillableView
{
    public const string IsFilled = "select relispopulated from pg_class where relname = 'quotient'";

    public static async Task<string> NewUnfillableAsync(this FleetService service)
    {
        var slug = await service.NewAccountAsync("unfillable");
        await service.QueryAsync(slug, "create table divisor as select 1 as n");
        await service.QueryAsync(slug, "create materialized view quotient as select 10 / n as n from divisor");
        await service.QueryAsync(slug, "update divisor set n = 0");
        return slug;
    }

    /// <summary>It is in the operation's result, and that it is there is in the log.</summary>
    public static void AssertTold(this FleetService service, JsonElement operation)
    {
        var result = operation.GetProperty("result");
        Assert.True(result.TryGetProperty("skipped", out var skipped) && skipped.GetInt32() == 1, operation.GetRawText());
        Assert.Contains("division by zero", result.GetProperty("skipped_because").GetString(), StringComparison.Ordinal);
        var id = operation.GetProperty("operation_id").GetString()!;
        var line = Assert.Single(service.Log, line => line.StartsWith($"Warning Operation {id} ", StringComparison.Ordinal));
        Assert.Contains("passed over 1 statements", line, StringComparison.Ordinal);
        // What an account's own code says is for no log.
        Assert.DoesNotContain("division", line, StringComparison.Ordinal);
    }
}
