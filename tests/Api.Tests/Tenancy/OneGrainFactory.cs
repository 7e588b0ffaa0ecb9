using System.Reflection;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>Has one grain, whatever is asked for.</summary>
public class OneGrainFactory : DispatchProxy
{
    public object? Grain { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grain;
}
