using Kataven.Errors;
using Kataven.Tenants;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>Turns the driver's exceptions, which do not cross the cluster, into one that does. The tenant's calls throw none, and pass by.</summary>
internal sealed partial class DatabaseFailureFilter(ILogger<DatabaseFailureFilter> logger) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.Request.GetInterfaceType() == typeof(ITenantGrain) ? context.Invoke() : InvokeAsync(context);

    private async Task InvokeAsync(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (NpgsqlException exception)
        {
            LogFailed(exception, context.InterfaceName, context.MethodName);
            throw new DatabaseUnavailableException();
        }
    }
}
