using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>A call that has come to a silo; counts how often it runs.</summary>
public class FakeCall : DispatchProxy
{
    private IInvokable? _request;
    private int _runs;

    public static IIncomingGrainCallContext Of(Type called)
    {
        var call = Create<IIncomingGrainCallContext, FakeCall>();
        var request = Create<IInvokable, FakeRequest>();
        ((FakeRequest)(object)request).Called = called;
        ((FakeCall)(object)call)._request = request;
        return call;
    }

    public static int RunsOf(IIncomingGrainCallContext call) => ((FakeCall)(object)call)._runs;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == "get_Request")
        {
            return _request;
        }

        _runs++;
        return Task.CompletedTask;
    }
}
