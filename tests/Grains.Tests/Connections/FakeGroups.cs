using Kataven.Grains.Connections;

namespace Kataven.Grains.Tests.Connections;

/// <summary>Groups that run when the test says so.</summary>
internal sealed class FakeGroups : IFastGroups
{
    private readonly Lock _lock = new();
    private readonly List<IReadOnlyList<FastRead>> _groups = [];

    /// <summary>What a group comes to, by its number from 0.</summary>
    public Func<int, IReadOnlyList<FastRead>, CancellationToken, Task<FastGroupEnd>> Runs { get; set; } = (_, group, _) => AnswerAll(group);

    public IReadOnlyList<IReadOnlyList<FastRead>> Groups
    {
        get
        {
            lock (_lock)
            {
                return [.. _groups];
            }
        }
    }

    /// <summary>The first group runs until the test ends it; those behind it are answered at once.</summary>
    public TaskCompletionSource HoldFirst()
    {
        var first = new TaskCompletionSource();
        Runs = async (number, group, _) =>
        {
            await (number == 0 ? first.Task : Task.CompletedTask);
            return await AnswerAll(group);
        };
        return first;
    }

    /// <summary>Each group runs until it is cancelled.</summary>
    public void HangUntilCancelled() => Runs = async (_, _, cancellation) =>
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return FastGroupEnd.Broken;
    };

    public static Task<FastGroupEnd> AnswerAll(IReadOnlyList<FastRead> group)
    {
        foreach (var read in group)
        {
            read.Done([]);
        }

        return Task.FromResult(FastGroupEnd.Whole);
    }

    public Task<FastGroupEnd> RunAsync(Lane lane, IReadOnlyList<FastRead> group, CancellationToken cancellation)
    {
        int number;
        lock (_lock)
        {
            number = _groups.Count;
            _groups.Add([.. group]);
        }

        return Runs(number, group, cancellation);
    }
}
