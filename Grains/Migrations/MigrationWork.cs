using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Operations;
using Kataven.Migrations;
using Kataven.Operations;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Brings one account to a version. Its requests wait while scripts run that have a transaction; beside the others, which take their
/// time and lock little, it is served.
/// </summary>
internal sealed class MigrationWork(
    MigrationScripts scripts, MigrationRunner runner, AccountTable accounts, CredentialStore credentials, AccountStateTable states, AccountHolds holds,
    Adoption adoption) : IOperationWork
{
    public string Kind => OperationKind.Migration;

    public async Task<JsonObject?> RunAsync(OperationContext context)
    {
        var (account, cancellation) = (context.Account, context.Cancellation);
        var target = context.Arguments["target"]?.GetValue<int>();
        var credential = await CredentialAsync(account, cancellation).ConfigureAwait(false);
        var (opened, refusal) = await runner.OpenAsync(account, credential, target, cancellation).ConfigureAwait(false);
        if (opened is null)
        {
            throw new OperationFailedException(refusal!);
        }

        await using var session = opened;
        var plan = await runner.PlanAsync(session, target, cancellation).ConfigureAwait(false);
        var applied = Applied(context);
        if (context.Arguments["applied"] is null)
        {
            // Whoever goes on after a crash tells of these too: one that is in force then is pending no more.
            applied.AddRange(plan.Applied);
            await context.RememberAsync("applied", Json(applied)).ConfigureAwait(false);
        }

        var result = plan with { Applied = [] };
        foreach (var (last, isTransactional) in Segments(plan.Applied))
        {
            result = await RunAsync(context, session, last, isTransactional).ConfigureAwait(false);
            applied.AddRange(result.Applied);
            await NoteAsync(account, credential, result, cancellation).ConfigureAwait(false);
            if (result is { Failure: not null } or { Refusal: not null })
            {
                break;
            }
        }

        if (plan.Applied.Count == 0)
        {
            // What an earlier attempt left is settled, and the fleet's overview knows.
            result = await runner.ApplyAsync(session, target, context.StepAsync, cancellation).ConfigureAwait(false);
            await NoteAsync(account, credential, result, cancellation).ConfigureAwait(false);
        }

        ThrowIfFailed(result, context.Attempt);
        return new JsonObject { ["version"] = result.Version, ["applied"] = Json(applied) };
    }

    public async Task CleanUpAsync(OperationContext context)
    {
        if (await accounts.ReadAsync(context.Account, context.Cancellation).ConfigureAwait(false) is { Account.Status: AccountStatus.Active, HasDatabase: true }
            && await credentials.FindAsync(context.Account, context.Cancellation).ConfigureAwait(false) is { } credential)
        {
            await runner.SettleAsync(context.Account, credential, context.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Scripts that follow each other and are held for alike, by the last one's number.</summary>
    private IEnumerable<(int Last, bool IsTransactional)> Segments(IReadOnlyList<MigrationEntry> pending)
    {
        var transactional = scripts.All.Where(script => script.IsTransactional).Select(script => script.Version).ToHashSet();
        for (var i = 0; i < pending.Count; i++)
        {
            var kind = transactional.Contains(pending[i].Version);
            if (i + 1 == pending.Count || transactional.Contains(pending[i + 1].Version) != kind)
            {
                yield return (pending[i].Version, kind);
            }
        }
    }

    private async Task<MigrationResult> RunAsync(OperationContext context, MigrationSession session, int last, bool isTransactional)
    {
        if (!isTransactional)
        {
            return await runner.ApplyAsync(session, last, context.StepAsync, context.Cancellation).ConfigureAwait(false);
        }

        await context.StepAsync("migrate.hold", 0).ConfigureAwait(false);
        await using var hold = await holds.PauseAsync(context.Account, context.Id, context.Cancellation).ConfigureAwait(false);
        // Until it is known that it need not: one that is broken off may be so since the account is suspended, which its owner has not heard of yet.
        hold.ClosesConnections = true;
        var before = await session.RoleSettingsAsync(context.Cancellation).ConfigureAwait(false);
        var result = await runner.ApplyAsync(session, last, context.StepAsync, context.Cancellation).ConfigureAwait(false);
        hold.ClosesConnections = context.Cancellation.IsCancellationRequested || before != await SettingsAfterAsync(session).ConfigureAwait(false);
        return result;
    }

    /// <summary>Null where they cannot be read: what was applied is applied all the same.</summary>
    private static async Task<string?> SettingsAfterAsync(MigrationSession session)
    {
        try
        {
            return await session.RoleSettingsAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private async Task<Credential> CredentialAsync(AccountId account, CancellationToken cancellation)
    {
        if (await accounts.ReadAsync(account, cancellation).ConfigureAwait(false) is not { } row)
        {
            throw new OperationFailedException(Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."));
        }

        if (row.Account.Status != AccountStatus.Active)
        {
            throw new OperationFailedException(Refusal.Inactive(row.Account.Status));
        }

        if (row.HasDatabase && await adoption.EnsureAsync(row.Account, cancellation).ConfigureAwait(false) is { } refusal)
        {
            throw new OperationFailedException(refusal);
        }

        return row.HasDatabase && await credentials.FindAsync(account, cancellation).ConfigureAwait(false) is { } credential
            ? credential
            : throw new OperationFailedException(Databases.Unavailable("The account's database has not been put in order yet. Its first request, or a repair, does that."));
    }

    private Task NoteAsync(AccountId account, Credential credential, MigrationResult result, CancellationToken cancellation) =>
        result.Refusal is null ? states.SetVersionAsync(account, credential.AccountUid, result.Version, cancellation) : Task.CompletedTask;

    /// <exception cref="NpgsqlException">The connection was lost for the first time: a server that was started anew is no failure of the script's, one that breaks its connection each time is.</exception>
    private static void ThrowIfFailed(MigrationResult result, int attempt)
    {
        if (attempt == 1 && result.Failure is { } lost && MigrationFaults.IsLoss(lost))
        {
            throw new NpgsqlException(lost.Sql.Message);
        }

        if (result.Refusal is { } refusal)
        {
            throw new OperationFailedException(refusal);
        }

        if (result.Failure is { } failure)
        {
            throw new OperationFailedException(MigrationFaults.RefusalOf(failure));
        }
    }

    private static List<MigrationEntry> Applied(OperationContext context) =>
    [
        .. from entry in context.Arguments["applied"]?.AsArray() ?? []
           select new MigrationEntry
           {
               Version = entry["version"]!.GetValue<int>(),
               Description = entry["description"]!.GetValue<string>(),
               Checksum = entry["checksum"]!.GetValue<string>(),
           },
    ];

    private static JsonArray Json(IEnumerable<MigrationEntry> entries) =>
    [
        .. entries.DistinctBy(entry => entry.Version).Select(entry => new JsonObject
        {
            ["version"] = entry.Version,
            ["description"] = entry.Description,
            ["checksum"] = entry.Checksum,
        }),
    ];
}
