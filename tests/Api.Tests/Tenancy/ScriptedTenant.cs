using System.Reflection;
using Kataven.Queries;
using Kataven.Tenants;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>A tenant grain whose calls end as a test says, one after the other; the last goes on for ever.</summary>
public class ScriptedTenant : DispatchProxy
{
    private Func<object>[] _ends = [];

    public int Calls { get; private set; }

    /// <summary>What each call was made with first.</summary>
    public List<object?> Requests { get; } = [];

    public static (IGrainFactory Grains, ScriptedTenant Tenant) Of(params Func<object>[] ends)
    {
        var grain = Create<ITenantGrain, ScriptedTenant>();
        var tenant = (ScriptedTenant)(object)grain;
        tenant._ends = ends;
        var factory = Create<IGrainFactory, OneGrainFactory>();
        ((OneGrainFactory)(object)factory).Grain = grain;
        return (factory, tenant);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Requests.Add(args?[0]);
        var end = _ends[Math.Min(Calls++, _ends.Length - 1)];
        try
        {
            return end() switch
            {
                StreamPart part => Task.FromResult(part),
                var answer => Task.FromResult((Answer)answer),
            };
        }
        catch (Exception exception)
        {
            return targetMethod!.ReturnType == typeof(Task<StreamPart>) ? Task.FromException<StreamPart>(exception) : Task.FromException<Answer>(exception);
        }
    }
}
