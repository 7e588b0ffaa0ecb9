using System.Reflection;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>What is called, and nothing besides.</summary>
public class FakeRequest : DispatchProxy
{
    public Type? Called { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Called;
}
