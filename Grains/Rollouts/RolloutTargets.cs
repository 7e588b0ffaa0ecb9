namespace Kataven.Grains.Rollouts;

/// <summary>The versions that accounts can be brought to, the newest last.</summary>
internal sealed record RolloutTargets(IReadOnlyList<int> Versions)
{
    public static readonly RolloutTargets None = new([]);

    /// <summary>The version that is meant, or what is wrong with it.</summary>
    /// <param name="target">Null for the newest.</param>
    public (int Target, string? Fault) Resolve(int? target) => this switch
    {
        { Versions: [] } => (0, "There are no migrations: put scripts into the folder that the silos read at their start."),
        { Versions: [.., var newest] } when target is null => (newest, null),
        _ when Versions.Contains(target!.Value) => (target.Value, null),
        _ => (0, $"target: there is no migration {target}."),
    };
}
