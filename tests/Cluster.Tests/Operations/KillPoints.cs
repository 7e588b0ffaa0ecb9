using Kataven.Testing;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>
/// The steps before which a process is killed, as many at a time as connections of its pool can be stopped: each at an account of its
/// own. All are tried by <c>./test --all</c>; else those behind which most is at stake, since each start of a
/// process takes seconds.
/// </summary>
public static class KillPoints
{
    public static TheoryData<string> Of(string[] always, params string[] others) => new(TestScope.IsWhole ? [.. always, .. others] : always);

    /// <summary>For a test that takes long and has a shorter sibling.</summary>
    public static void SkipUnlessAll() => Assert.SkipUnless(TestScope.IsWhole, TestScope.Reason);

    /// <summary>Begins the operations, kills the process when each is about to write its step, and has another go on.</summary>
    /// <param name="service">The service.</param>
    /// <param name="points">Steps, with a bar between them.</param>
    /// <param name="makeAsync">Makes what is killed at one of them.</param>
    public static async Task KillAsync(KilledService service, string points, Func<Task<KillCase>> makeAsync)
    {
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var stops = new List<(KillCase Case, StopPoint Stop)>();
        var begun = new List<Task>();
        try
        {
            foreach (var point in points.Split('|'))
            {
                var made = await makeAsync();
                stops.Add((made, await StopPoint.ArmAsync(service, made.Account, point)));
            }

            foreach (var (made, stop) in stops)
            {
                begun.Add(made.BeginAsync());
                await stop.ReachedAsync();
            }

            await service.First.KillAsync();
        }
        finally
        {
            foreach (var (_, stop) in stops)
            {
                await stop.DisposeAsync();
            }
        }

        await Task.WhenAll(begun).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await service.First.StartAsync();
        var allowed = new List<string>();
        foreach (var (made, _) in stops)
        {
            var operation = await service.SucceedAsync(await service.OperationOfAsync(made.Account));
            allowed.AddRange(await made.CheckAsync(operation));
        }

        await Leftovers.AssertNoneAsync(service, before, allowed);
    }
}
