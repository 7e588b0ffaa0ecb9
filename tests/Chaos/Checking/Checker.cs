using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>Reads a history and says where it is not what the service promises.</summary>
internal static class Checker
{
    public static IReadOnlyList<Violation> Check(History history) =>
    [
        .. EffectRule.Find(history),
        .. PlaceRule.Find(history),
        .. TallyRule.Find(history),
        .. OrderRule.Find(history),
        .. LateEffectRule.Find(history),
        .. RefusalRule.Find(history),
        .. SuspensionRule.Find(history),
        .. LimitRule.Find(history),
        .. MigrationRule.Find(history),
        .. WorkRule.Find(history),
        .. history.Incidents.Select(incident => new Violation("nothing ends by itself or hangs", $"at {incident.At.TotalSeconds:0.0} s: {incident.What}")),
    ];
}
