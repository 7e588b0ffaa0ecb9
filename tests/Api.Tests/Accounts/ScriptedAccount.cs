using System.Reflection;
using Kataven.Accounts;
using Kataven.Operations;
using Orleans.Runtime;

namespace Kataven.Api.Tests.Accounts;

/// <summary>An account's grain whose calls end as a test says, one after the other; the last goes on for ever. Its deletion is always lost.</summary>
public class ScriptedAccount : DispatchProxy
{
    private Func<AccountResult>[] _ends = [];

    /// <summary>The names of what was called.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What came with each: the version that its caller had read.</summary>
    public List<long?> Versions { get; } = [];

    public static (IAccountGrain Grain, ScriptedAccount Script) Of(params Func<AccountResult>[] ends)
    {
        var grain = Create<IAccountGrain, ScriptedAccount>();
        var script = (ScriptedAccount)(object)grain;
        script._ends = ends;
        return (grain, script);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Calls.Add(targetMethod!.Name);
        Versions.Add(KnownVersion.OfCall);
        if (targetMethod.ReturnType == typeof(Task<OperationResult>))
        {
            return Task.FromException<OperationResult>(new SiloUnavailableException());
        }

        try
        {
            return Task.FromResult(_ends[Math.Min(Calls.Count, _ends.Length) - 1]());
        }
        catch (Exception exception)
        {
            return Task.FromException<AccountResult>(exception);
        }
    }
}
