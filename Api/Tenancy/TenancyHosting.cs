using Kataven.Api.Errors;
using Kataven.Api.Observability;
using Kataven.Errors;
using Kataven.Observability;

namespace Kataven.Api.Tenancy;

/// <summary>Which routes are for an account, and which for those who operate the service.</summary>
internal static class TenancyHosting
{
    public static IServiceCollection AddTenancy(this IServiceCollection services)
    {
        services.AddOptions<RegistryOptions>().BindConfiguration(RegistryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RequestOptions>().BindConfiguration(RequestOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<GrainCalls>();
        services.AddSingleton<Registry>();
        services.AddSingleton<KnownMembers>();
        services.AddSingleton<TenantReferences>();
        services.AddSingleton<AccountGate>();
        return services;
    }

    /// <summary>② The middleware behind authentication: it lets a request through with its account, or answers why not.</summary>
    public static WebApplication UseTenancy(this WebApplication app)
    {
        var services = app.Services;
        app.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<RouteAudience>() switch
        {
            null => next(context),
            { IsAdministrators: true } => AdmitAdministratorAsync(context, next),
            _ => AdmitAccountAsync(context, next, services.GetRequiredService<AccountGate>(), services.GetRequiredService<CallerActivity>()),
        });
        return app;
    }

    /// <summary>The account that the middleware has let through.</summary>
    public static RequestAccount Account(this HttpContext context) => context.Features.Get<RequestAccount>()
        ?? throw new InvalidOperationException("The route is not for accounts.");

    public static TBuilder ForAccounts<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.RequireAuthorization().WithMetadata(RouteAudience.Accounts);

    public static TBuilder ForAdministrators<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.RequireAuthorization().WithMetadata(RouteAudience.Administrators);

    /// <summary>② Lets a request through with its account, or answers why not.</summary>
    public static async Task AdmitAccountAsync(HttpContext context, RequestDelegate next, AccountGate gate, CallerActivity activity)
    {
        GateVerdict verdict;
        using (RequestPath.WhichAccount())
        {
            verdict = await gate.DecideAsync(context);
        }

        if (verdict.Account is not { } account)
        {
            await ProblemWriter.WriteAsync(context, verdict.Refusal!);
            return;
        }

        activity.Requested(account.Id);
        context.Features.Set(new RequestAccount(account));
        await next(context);
    }

    private static Task AdmitAdministratorAsync(HttpContext context, RequestDelegate next) =>
        context.RequestServices.GetRequiredService<AccountGate>().IsAdministrator(context)
            ? next(context)
            : ProblemWriter.WriteAsync(context, Refusal.Of(ErrorCode.AdminOnly, "This route is for tokens of the system administration account."));
}
