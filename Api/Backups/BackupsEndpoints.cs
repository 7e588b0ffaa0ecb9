using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Operations;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Operations;

namespace Kataven.Api.Backups;

/// <summary><c>/api/admin/accounts/{id}/backups</c> and <c>…/backup-schedule</c>.</summary>
internal static class BackupsEndpoints
{
    public static IEndpointRouteBuilder MapBackups(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("/accounts/{id}").WithTags("Backups");
        routes.MapPost("/backups", CreateAsync).WithName("CreateBackup");
        routes.MapGet("/backups", ListAsync).WithName("ListBackups");
        routes.MapGet("/backups/{backup}", GetAsync).WithName("GetBackup");
        routes.MapGet("/backups/{backup}/content", ReadAsync).WithName("ReadBackup");
        routes.MapDelete("/backups/{backup}", DeleteAsync).WithName("DeleteBackup");
        routes.MapPost("/backups/{backup}/verification", VerifyAsync).WithName("VerifyBackup");
        routes.MapPut("/backup-schedule", SetScheduleAsync).WithName("SetBackupSchedule");
        routes.MapGet("/backup-schedule", GetScheduleAsync).WithName("GetBackupSchedule");
        routes.MapDelete("/backup-schedule", RemoveScheduleAsync).WithName("RemoveBackupSchedule");
        return administration;
    }

    /// <summary>A backup's id, or null where it can be none.</summary>
    public static Guid? ParseId(string backup) => Guid.TryParse(backup, out var id) ? id : null;

    private static async Task<IResult> CreateAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var found = await calls.AskAsync(Accounts, accounts => accounts.GetAsync(account));
        return found.Refusal is { } refusal
            ? new ProblemResult(refusal)
            : await OperationsEndpoints.BeginAsync(
                context, new OperationRequest(OperationKind.Backup, account, $$"""{"reason":"{{BackupReason.Manual}}"}""", [account], ""));
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var backups = await calls.AskAsync(Catalog, catalog => catalog.ListAsync(account), context.RequestAborted);
        if (backups.IsEmpty && (await calls.AskAsync(Accounts, accounts => accounts.GetAsync(account), context.RequestAborted)).Refusal is { } refusal)
        {
            return new ProblemResult(refusal);
        }

        return TypedResults.Json(new BackupsAnswer([.. backups.Select(BackupAnswer.Of)]), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, string backup, HttpContext context, GrainCalls calls) =>
        Answer(await FindAsync(id, backup, calls, context.RequestAborted));

    private static async Task<IResult> ReadAsync(string id, string backup, HttpContext context, GrainCalls calls, IGrainFactory grains)
    {
        var found = await FindAsync(id, backup, calls, context.RequestAborted);
        if (found.Backup is not { } whole)
        {
            return new ProblemResult(found.Refusal!);
        }

        if (!whole.IsComplete)
        {
            return new ProblemResult(Refusal.Of(ErrorCode.BackupNotFound, $"The backup is {whole.Status}: it has no content."));
        }

        var reader = grains.GetGrain<IBackupReaderGrain>(Guid.NewGuid());
        return await reader.OpenAsync(whole) is { } refusal ? new ProblemResult(refusal) : new BackupContent(whole, reader);
    }

    private static async Task<IResult> DeleteAsync(string id, string backup, IGrainFactory grains)
    {
        var account = RouteAccount.Parse(id);
        var result = ParseId(backup) is { } number ? await Catalog(grains).DeleteAsync(account, number) : BackupResult.NotFound;
        return result.Refusal is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }

    private static async Task<IResult> VerifyAsync(string id, string backup, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var found = await FindAsync(id, backup, calls, CancellationToken.None);
        if (found.Backup is not { } whole)
        {
            return new ProblemResult(found.Refusal!);
        }

        return whole.IsComplete
            ? await OperationsEndpoints.BeginAsync(
                context, new OperationRequest(OperationKind.Verification, account, $$"""{"backup_id":"{{whole.Id}}"}""", [], ""))
            : new ProblemResult(Refusal.Of(ErrorCode.BackupNotFound, $"The backup is {whole.Status}: there is nothing to verify."));
    }

    private static async Task<IResult> SetScheduleAsync(string id, HttpContext context, IGrainFactory grains)
    {
        var account = RouteAccount.Parse(id);
        var schedule = await JsonBody.ReadAsync(context, BackupBodies.ReadSchedule);
        return Answer(await Catalog(grains).SetScheduleAsync(account, schedule));
    }

    private static async Task<IResult> GetScheduleAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        return Answer(await calls.AskAsync(Catalog, catalog => catalog.GetScheduleAsync(account), context.RequestAborted));
    }

    private static async Task<IResult> RemoveScheduleAsync(string id, IGrainFactory grains)
    {
        var result = await Catalog(grains).SetScheduleAsync(RouteAccount.Parse(id), null);
        return result.Refusal is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }

    private static async Task<BackupResult> FindAsync(string id, string backup, GrainCalls calls, CancellationToken aborted)
    {
        var account = RouteAccount.Parse(id);
        return ParseId(backup) is { } number
            ? await calls.AskAsync(Catalog, catalog => catalog.GetAsync(account, number), aborted)
            : BackupResult.NotFound;
    }

    private static IResult Answer(BackupResult result) => result.Backup is { } backup
        ? TypedResults.Json(BackupAnswer.Of(backup), ApiJson.Options)
        : new ProblemResult(result.Refusal!);

    private static IResult Answer(BackupScheduleResult result) => result.Refusal is { } refusal
        ? new ProblemResult(refusal)
        : TypedResults.Json(BackupScheduleAnswer.Of(result.Schedule), ApiJson.Options);

    private static IBackupCatalogGrain Catalog(IGrainFactory grains) => grains.GetGrain<IBackupCatalogGrain>(0);

    private static IAccountCatalogGrain Accounts(IGrainFactory grains) => grains.GetGrain<IAccountCatalogGrain>(0);
}
