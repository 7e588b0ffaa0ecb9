using System.Reflection;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>Has one grain of each kind, whichever key it is asked for by.</summary>
public class GrainsByKind : DispatchProxy
{
    private readonly Dictionary<Type, object> _grains = [];

    public static IGrainFactory Of(params (Type Kind, object Grain)[] grains)
    {
        var factory = Create<IGrainFactory, GrainsByKind>();
        foreach (var (kind, grain) in grains)
        {
            ((GrainsByKind)(object)factory)._grains[kind] = grain;
        }

        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _grains[targetMethod!.GetGenericArguments()[0]];
}
