using System.Text.Json;
using System.Text.Json.Nodes;
using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Operations;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Operations;

namespace Kataven.Api.Restores;

/// <summary><c>/api/admin/accounts/{id}/restores</c> and <c>…/clones</c>.</summary>
internal static class RestoresEndpoints
{
    public static IEndpointRouteBuilder MapRestores(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("/accounts/{id}").WithTags("Restores");
        routes.MapPost("/restores", RestoreAsync).WithName("CreateRestore");
        routes.MapDelete("/restores/{operation}", SwapBackAsync).WithName("UndoRestore");
        routes.MapPost("/clones", CloneAsync).WithName("CreateClone");
        return administration;
    }

    /// <summary>The operation that makes a new account of a backup.</summary>
    public static OperationRequest Beside(AccountId source, Guid backup, AccountId into, NewAccount account) => new(
        OperationKind.Restore,
        source,
        new JsonObject { ["backup_id"] = backup, ["into"] = into.Value, ["account"] = JsonSerializer.SerializeToNode(account) }.ToJsonString(),
        [into],
        "");

    /// <summary>Null where the slug is free.</summary>
    public static async Task<Refusal?> RefuseTakenAsync(AccountId into, GrainCalls calls) =>
        (await FindAsync(into, calls)).Account is null ? null : Refusal.Of(ErrorCode.AccountExists, "The slug is taken.");

    private static async Task<IResult> RestoreAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var request = await JsonBody.ReadAsync(context, RestoreBodies.ReadRestore);
        if (await FindAsync(account, request, calls) is not { } backup)
        {
            return new ProblemResult(BackupResult.NotFound.Refusal!);
        }

        if (!backup.IsComplete)
        {
            return new ProblemResult(Refusal.Of(ErrorCode.BackupNotFound, $"The backup is {backup.Status}: there is nothing to restore."));
        }

        if (request.Into is { } into)
        {
            return await RefuseTakenAsync(into, calls) is { } taken
                ? new ProblemResult(taken)
                : await OperationsEndpoints.BeginAsync(
                    context, Beside(account, backup.Id, into, new NewAccount(request.Name ?? into.Value, null, AccountLimits.Default)));
        }

        return await RefuseMissingAsync(account, calls) is { } missing
            ? new ProblemResult(missing)
            : await OperationsEndpoints.BeginAsync(
                context, new OperationRequest(OperationKind.Restore, account, $$"""{"backup_id":"{{backup.Id}}"}""", [account], ""));
    }

    private static async Task<IResult> SwapBackAsync(string id, string operation, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var found = Guid.TryParse(operation, out var number) ? (await FindAsync(number, calls)).Operation : null;
        if (found is null || found.AccountId != account.Value || found.Kind is not (OperationKind.Restore or OperationKind.SwapBack))
        {
            return new ProblemResult(Refusal.Of(ErrorCode.OperationNotFound, "The account has no such restore."));
        }

        return await OperationsEndpoints.BeginAsync(
            context, new OperationRequest(OperationKind.SwapBack, account, $$"""{"restore":"{{found.Id}}"}""", [account], ""));
    }

    private static async Task<IResult> CloneAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var request = await JsonBody.ReadAsync(context, RestoreBodies.ReadClone);
        if ((await RefuseMissingAsync(account, calls) ?? await RefuseTakenAsync(request.Into, calls)) is { } refusal)
        {
            return new ProblemResult(refusal);
        }

        var arguments = new JsonObject
        {
            ["into"] = request.Into.Value,
            ["account"] = JsonSerializer.SerializeToNode(new NewAccount(request.Name, null, AccountLimits.Default)),
        };
        return await OperationsEndpoints.BeginAsync(
            context, new OperationRequest(OperationKind.Clone, account, arguments.ToJsonString(), [account, request.Into], ""));
    }

    /// <summary>A backup of the account, or of the one that is named: also where the account had the same slug before it was deleted.</summary>
    private static async Task<Backup?> FindAsync(AccountId account, RestoreRequest request, GrainCalls calls)
    {
        var backup = await calls.AskAsync(grains => grains.GetGrain<IBackupCatalogGrain>(0), catalog => catalog.FindAsync(request.Backup));
        if (backup is null || backup.AccountId != (request.From ?? account).Value)
        {
            return null;
        }

        // Into a new account it can go whoever has the slug now.
        return request.From is not null || request.Into is not null
            || (await FindAsync(account, calls)).Account is not { } present || present.Uid == backup.AccountUid
            ? backup
            : null;
    }

    private static async Task<Refusal?> RefuseMissingAsync(AccountId account, GrainCalls calls)
    {
        var found = await FindAsync(account, calls);
        return found.Refusal ?? (found.Account!.Status == AccountStatus.Active ? null : Refusal.Inactive(found.Account.Status));
    }

    private static Task<AccountResult> FindAsync(AccountId account, GrainCalls calls) =>
        calls.AskAsync(grains => grains.GetGrain<IAccountCatalogGrain>(0), catalog => catalog.GetAsync(account));

    private static Task<OperationResult> FindAsync(Guid operation, GrainCalls calls) =>
        calls.AskAsync(grains => grains.GetGrain<IOperationCatalogGrain>(0), catalog => catalog.GetAsync(operation));
}
