using System.Buffers;
using System.Text.Json;
using Kataven.Accounts;
using Kataven.Api.Accounts;
using Kataven.Api.Audit;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Kataven.Api.Operations;
using Kataven.Api.Queries;
using Kataven.Api.Tenancy;
using Kataven.Migrations;
using Kataven.Operations;

namespace Kataven.Api.Migrations;

/// <summary><c>/api/admin/migrations</c> and <c>/api/admin/accounts/{id}/migrations</c>.</summary>
internal static class MigrationsEndpoints
{
    public static IEndpointRouteBuilder MapMigrations(this IEndpointRouteBuilder administration)
    {
        var routes = administration.MapGroup("").WithTags("Migrations");
        routes.MapGet("/migrations", ListAsync).WithName("ListMigrations");
        routes.MapGet("/accounts/{id}/migrations", GetAsync).WithName("GetAccountMigrations");
        routes.MapPost("/accounts/{id}/migrations", ApplyAsync).WithName("MigrateAccount");
        return administration;
    }

    private static async Task<IResult> ListAsync(HttpContext context, GrainCalls calls)
    {
        var scripts = await calls.AskAsync(Catalog, catalog => catalog.ListAsync(), context.RequestAborted);
        return TypedResults.Json(new MigrationsAnswer([.. scripts.Select(MigrationAnswer.Of)]), ApiJson.Options);
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, GrainCalls calls)
    {
        var account = RouteAccount.Parse(id);
        var query = new QueryParameters(context.Request.Query);
        var (comparesSchema, tellsAdded) = (query.Boolean("schema") ?? false, query.Boolean("added") ?? false);
        var status = await calls.AskAsync(Catalog, catalog => catalog.StatusAsync(account), context.RequestAborted);
        if (status.Refusal is { } refusal)
        {
            return new ProblemResult(refusal);
        }

        SchemaDriftReport? schema = null;
        if (comparesSchema || tellsAdded)
        {
            schema = await calls.AskAsync(Catalog, catalog => catalog.DriftAsync(account, tellsAdded), context.RequestAborted);
            if (schema.Refusal is { } unknown)
            {
                return new ProblemResult(unknown);
            }
        }

        return TypedResults.Json(
            new AccountMigrationsAnswer(
                status.Version,
                [.. status.Applied.Select(MigrationAnswer.Of)],
                [.. status.Pending.Select(MigrationAnswer.Of)],
                [.. status.Drift.Select(drift => new DriftAnswer(drift.Version, drift.Description, drift.Reason == DriftReason.Changed ? "changed" : "vanished"))],
                schema is null ? null : [.. schema.Differences.Select(SchemaDifferenceAnswer.Of)]),
            ApiJson.Options);
    }

    private static async Task<IResult> ApplyAsync(string id, HttpContext context, GrainCalls calls, IGrainFactory grains)
    {
        var account = RouteAccount.Parse(id);
        var run = await JsonBody.ReadAsync(context, ReadRun);
        var plan = await calls.AskAsync(Catalog, catalog => catalog.PlanAsync(account, run.Target));
        if (plan.Refusal is { } refusal)
        {
            return new ProblemResult(refusal);
        }

        if (run.DryRun)
        {
            return TypedResults.Json(new AppliedAnswer(plan.Version, [.. plan.Applied.Select(MigrationAnswer.Of)]), ApiJson.Options);
        }

        return await MigrateAsync(account, run.Target, context, grains);
    }

    private static async Task<IResult> MigrateAsync(AccountId account, int? target, HttpContext context, IGrainFactory grains)
    {
        var arguments = target is { } version ? $$"""{"target":{{version}}}""" : "{}";
        var begun = await OperationStart.BeginAsync(context, new OperationRequest(OperationKind.Migration, account, arguments, [account], ""));
        if (begun.Refusal is { } inTheWay)
        {
            return new ProblemResult(inTheWay);
        }

        var ended = await OperationWait.ForAsync(grains, begun.Operation!.Id, context.RequestAborted);
        if ((ended.Operation?.Problem ?? ended.Refusal) is { } problem)
        {
            return new ProblemResult(problem);
        }

        return TypedResults.Json(JsonSerializer.Deserialize<AppliedAnswer>(ended.Operation!.Result!, ApiJson.Options), ApiJson.Options);
    }

    private static MigrationRun ReadRun(ReadOnlySequence<byte> body) => body.IsEmpty ? new MigrationRun(null, false) : RequestReader.Read(body, static (ref Utf8JsonReader json) =>
    {
        int? target = null;
        var dryRun = false;
        var members = new MemberNames("");
        while (members.TryReadNext(ref json, out var member))
        {
            switch (member)
            {
                case "target":
                    target = ReadTarget(ref json);
                    break;
                case "dry_run":
                    dryRun = json.TokenType is JsonTokenType.True or JsonTokenType.False ? json.GetBoolean() : throw new RequestFault("dry_run has to be true or false.");
                    break;
                default:
                    throw new RequestFault($"{member} is not known here.");
            }
        }

        return new MigrationRun(target, dryRun);
    });

    private static int? ReadTarget(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Null ? null
        : json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var target) && target >= 0 ? target
        : throw new RequestFault("target has to be the version of a migration, a whole number.");

    private static IMigrationCatalogGrain Catalog(IGrainFactory grains) => grains.GetGrain<IMigrationCatalogGrain>(0);
}
