using System.Reflection;

namespace Kataven.Api.Tests.Authentication;

/// <summary>Answers every <c>GetGrain</c> with the one object that is all of the test's grains.</summary>
public class GrainFactoryProxy : DispatchProxy
{
    internal TestGrains? Grains { get; set; }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Grains;
}
