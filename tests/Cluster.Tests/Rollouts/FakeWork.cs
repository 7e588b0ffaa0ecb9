using System.Text.Json.Nodes;
using Kataven.Errors;
using Kataven.Grains.Operations;
using Kataven.Operations;

namespace Kataven.Cluster.Tests.Rollouts;

/// <summary>Operations of one silo that a test holds up and has fail.</summary>
internal sealed class FakeWork(string kind, string silo, FakeAccounts accounts) : IOperationWork
{
    public string Kind => kind;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var account = context.Account.Value;
        if (kind != OperationKind.Migration)
        {
            await accounts.PassAsync(account, context.Cancellation);
            return null;
        }

        var target = context.Arguments["target"]!.GetValue<int>();
        if (accounts.VersionOf(account) != target)
        {
            await MigrateAsync(account, target, context.Cancellation);
        }

        return new JsonObject { ["version"] = target, ["applied"] = new JsonArray() };
    }

    public Task CleanUpAsync(OperationContext context) => Task.CompletedTask;

    private async Task MigrateAsync(string account, int target, CancellationToken cancellation)
    {
        using var running = accounts.Begin(account);
        await accounts.PassAsync(account, cancellation);
        if (accounts.IsDead(silo))
        {
            // A process that is gone does nothing more.
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        }

        if (accounts.Failing.Contains(account))
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.MigrationFailed, "A migration failed.") with
            {
                Version = target,
                Sql = new SqlError { SqlState = "23505", Message = "not unique" },
            });
        }

        accounts.Apply(account, target);
    }
}
