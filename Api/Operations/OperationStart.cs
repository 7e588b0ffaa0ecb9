using Kataven.Api.Audit;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Operations;

namespace Kataven.Api.Operations;

/// <summary>
/// Begins an operation under one id, however often that takes: a call whose answer was lost, and that runs after all, when a frozen silo
/// wakes, begins no second one.
/// </summary>
internal static class OperationStart
{
    private static readonly OperationResult Unknown = OperationResult.Refused(Refusal.Of(
        ErrorCode.OutcomeUnknown, "It is not known whether the operation has begun. Look at GET /api/admin/operations before it is asked for again."));

    public static Task<OperationResult> BeginAsync(HttpContext context, OperationRequest request)
    {
        var id = Guid.NewGuid();
        var asked = request with { Actor = Actor.Of(context) };
        return context.RequestServices.GetRequiredService<GrainCalls>().RepeatAsync(
            grains => grains.GetGrain<IOperationGrain>(id), operation => operation.StartAsync(asked), Unknown, withoutDatabase: true);
    }
}
