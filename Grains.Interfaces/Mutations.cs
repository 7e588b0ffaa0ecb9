#if KATAVEN_MUTATIONS
namespace Kataven;

/// <summary>
/// Bugs that the programs are given on purpose, to show that they are found: <c>bench/chaos --mutation</c> builds them into a
/// folder of its own. Without the constant nothing of this is compiled, and no setting can turn it on.
/// </summary>
public static class Mutations
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("KATAVEN_MUTATION");

    /// <summary>A new owner leaves the former one's connections alone.</summary>
    public static bool SkipsFencing => Chosen == "fencing";

    /// <summary>A write whose answer is lost is sent again.</summary>
    public static bool RetriesWrites => Chosen == "retry";

    /// <summary>An account opens as many lanes as it can use.</summary>
    public static bool DropsCap => Chosen == "cap";
}
#endif
