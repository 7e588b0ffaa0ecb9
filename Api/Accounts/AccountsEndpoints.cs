using System.Globalization;
using Kataven.Accounts;
using Kataven.Api.Audit;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Operations;
using Kataven.Api.Queries;
using Kataven.Api.Restores;
using Kataven.Api.Tenancy;
using Kataven.Backups;
using Kataven.Errors;
using Kataven.Operations;

namespace Kataven.Api.Accounts;

/// <summary><c>/api/admin/accounts</c>: the life of accounts.</summary>
internal static class AccountsEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 500;

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("/accounts").WithTags("Accounts");
        routes.MapPost("", CreateAsync).WithName("CreateAccount");
        routes.MapGet("", ListAsync).WithName("ListAccounts");
        routes.MapGet("/{id}", GetAsync).WithName("GetAccount");
        routes.MapPatch("/{id}", PatchAsync).WithName("PatchAccount");
        routes.MapDelete("/{id}", DeleteAsync).WithName("DeleteAccount");
        routes.MapPut("/{id}/suspension", SuspendAsync).WithName("SuspendAccount");
        routes.MapDelete("/{id}/suspension", ResumeAsync).WithName("ResumeAccount");
        return administration;
    }

    private static async Task<IResult> CreateAsync(HttpContext context, GrainCalls calls, IGrainFactory grains, TimeProvider time)
    {
        var begun = time.GetUtcNow();
        var creation = await JsonBody.ReadAsync(context, AccountBodies.ReadCreation);
        await AuditTrail.Of(context).NameAsync(creation.Id);
        return creation.FromBackup is { } backup
            ? await RestoreAsync(creation, backup, context, calls, grains)
            : Created(context, await calls.ChangeAsync(
                Grain(creation.Id),
                account => account.CreateAsync(creation.Account),
                answer => LostCreation.SettleAsync(calls, creation, begun, answer),
                context.RequestAborted));
    }

    /// <summary>The operation is waited for: this route answers with the account.</summary>
    private static async Task<IResult> RestoreAsync(AccountCreation creation, Guid id, HttpContext context, GrainCalls calls, IGrainFactory grains)
    {
        if (await calls.AskAsync(factory => factory.GetGrain<IBackupCatalogGrain>(0), backups => backups.FindAsync(id)) is not { IsComplete: true } backup
            || !AccountId.TryParse(backup.AccountId, out var source))
        {
            return new ProblemResult(Refusal.Of(ErrorCode.BackupNotFound, "There is no such backup, or it is not complete."));
        }

        var request = RestoresEndpoints.Beside(source, id, creation.Id, creation.Account);
        if (await RestoresEndpoints.RefuseTakenAsync(creation.Id, calls) is { } taken)
        {
            return await RepeatAsync(request, creation.Id, context, calls) ?? new ProblemResult(taken);
        }

        var begun = await OperationStart.BeginAsync(context, request);
        var ended = begun.Operation is { } operation ? await OperationWait.ForAsync(grains, operation.Id, context.RequestAborted) : begun;
        return (ended.Refusal ?? ended.Operation!.Problem) switch
        {
            null => Created(context, await calls.AskAfterChangeAsync(Catalog, catalog => catalog.GetAsync(creation.Id))),
            // Somebody was faster, and has not taken the slug yet, or has done it since.
            { Code: ErrorCode.OperationRunning or ErrorCode.AccountExists } refusal =>
                await RepeatAsync(request, creation.Id, context, calls) ?? new ProblemResult(refusal),
            var refusal => new ProblemResult(refusal),
        };
    }

    /// <summary>
    /// A request whose first answer was lost: the account that it has made, or the operation that makes it. Null where somebody else has
    /// the slug.
    /// </summary>
    private static async Task<IResult?> RepeatAsync(OperationRequest request, AccountId into, HttpContext context, GrainCalls calls) =>
        await calls.AskAfterChangeAsync(factory => factory.GetGrain<IOperationCatalogGrain>(0), operations => operations.FindMakerAsync(request)) switch
        {
            null => null,
            { Status: OperationStatus.Running } maker => OperationsEndpoints.Accepted(context, maker),
            _ => Created(context, await calls.AskAfterChangeAsync(Catalog, catalog => catalog.GetAsync(into))),
        };

    private static async Task<IResult> ListAsync(HttpContext context, GrainCalls calls)
    {
        var query = new QueryParameters(context.Request.Query);
        var filter = new AccountFilter(
            Status(query), query.Text("q"), query.Account("after")?.Value, (int)(query.Number("limit", 1, LargestPage) ?? DefaultPage))
        {
            IsBehind = query.Boolean("behind"),
            BackupOlderThan = Age(query),
        };
        var page = await calls.AskAsync(Catalog, catalog => catalog.ListAsync(filter), context.RequestAborted);
        return TypedResults.Json(new AccountsAnswer([.. page.Accounts.Zip(page.Facts, ListedAccountAnswer.Of)], page.Next), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var result = await calls.AskAsync(Catalog, catalog => catalog.GetAsync(account), context.RequestAborted);
        if (result.Account is not { } found)
        {
            return Answer(result);
        }

        var facts = await calls.AskAsync(Catalog, catalog => catalog.FactsAsync(account), context.RequestAborted);
        return TypedResults.Json(ListedAccountAnswer.Of(found, facts), ApiJson.Options);
    }

    private static async Task<IResult> PatchAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var patch = await JsonBody.ReadAsync(context, AccountBodies.ReadPatch);
        return Answer(await ChangeAsync(calls, account, grain => grain.PatchAsync(patch), context.RequestAborted));
    }

    private static async Task<IResult> SuspendAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var reason = await JsonBody.ReadAsync(context, AccountBodies.ReadSuspension);
        return Answer(await ChangeAsync(calls, account, grain => grain.SuspendAsync(reason), context.RequestAborted));
    }

    private static async Task<IResult> ResumeAsync(string id, HttpContext context, GrainCalls calls) =>
        Answer(await ChangeAsync(calls, RouteAccount.Parse(id), grain => grain.ResumeAsync(), context.RequestAborted));

    /// <summary>
    /// Changes the account as it is when the call is made. A try that is made again elsewhere, and comes through late all the same, changes
    /// nothing of what the caller has asked for since.
    /// </summary>
    private static async Task<AccountResult> ChangeAsync(
        GrainCalls calls, AccountId account, Func<IAccountGrain, Task<AccountResult>> change, CancellationToken aborted)
    {
        var wasStale = false;
        while (true)
        {
            aborted.ThrowIfCancellationRequested();
            try
            {
                var found = await calls.AskAsync(Catalog, catalog => catalog.GetAsync(account), aborted);
                var result = await calls.ChangeAsync(
                    Grain(account), grain => found.Account is { Version: var version } ? KnownVersion.WithAsync(version, () => change(grain)) : change(grain), aborted);
                if (!result.IsStale)
                {
                    return result;
                }

                wasStale = true;
            }
            catch (UnansweredCall unanswered) when (wasStale)
            {
                // What has changed the account before may have been an earlier try.
                throw UnansweredCall.WithUnknownOutcome(unanswered);
            }
        }
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, GrainCalls calls, IGrainFactory grains)
    {
        var account = RouteAccount.Parse(id);
        var query = new QueryParameters(context.Request.Query);
        if (query.Text("confirm") != account.Value)
        {
            throw new RequestFault("confirm has to be the slug of the account that is to go, once more.");
        }

        var (takesBackup, actor) = (query.Boolean("backup") ?? true, Actor.Of(context));
        // Once: where it has ended meanwhile, the slug may be another account's.
        var begun = await calls.ChangeOnceAsync(Grain(account), grain => grain.BeginDeletionAsync(takesBackup, actor), context.RequestAborted);
        var ended = begun.Operation is { } operation ? await OperationWait.ForAsync(grains, operation.Id, context.RequestAborted) : begun;
        return (ended.Refusal ?? ended.Operation!.Problem) is { } refusal ? new ProblemResult(refusal) : TypedResults.NoContent();
    }

    private static TimeSpan? Age(QueryParameters query)
    {
        if (query.Text("backup_older_than") is not { } text)
        {
            return null;
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var age) && age >= TimeSpan.Zero
            ? age
            : throw new RequestFault("backup_older_than has to be a time, written as [days.]hours:minutes:seconds.");
    }

    private static AccountStatus? Status(QueryParameters query)
    {
        if (query.Text("status") is not { } text)
        {
            return null;
        }

        return AccountStatusText.TryParse(text, out var status)
            ? status
            : throw new RequestFault($"status has to be one of {string.Join(", ", Enum.GetValues<AccountStatus>().Select(AccountStatusText.Of))}.");
    }

    private static IResult Created(HttpContext context, AccountResult result)
    {
        if (result.Account is { } account)
        {
            context.Response.Headers.Location = $"/api/admin/accounts/{account.Id}";
        }

        return Answer(result, StatusCodes.Status201Created);
    }

    private static IResult Answer(AccountResult result, int status = StatusCodes.Status200OK) => result.Refusal is { } refusal
        ? new ProblemResult(refusal)
        : TypedResults.Json(AccountAnswer.Of(result.Account!), ApiJson.Options, statusCode: status);

    private static Func<IGrainFactory, IAccountGrain> Grain(AccountId id) => grains => grains.GetGrain<IAccountGrain>(id.Value);

    private static IAccountCatalogGrain Catalog(IGrainFactory grains) => grains.GetGrain<IAccountCatalogGrain>(0);
}
