namespace Kataven.Chaos.Histories;

/// <summary>One disturbance, from its begin until everything was as before.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Target">A process, an account, or nothing.</param>
/// <param name="From">Before it began.</param>
/// <param name="Ended">The fault itself was over: thawed, back, resumed.</param>
/// <param name="To">All was as before.</param>
/// <param name="Result">What came of it.</param>
internal sealed record Disturbance(DisturbanceKind Kind, string Target, TimeSpan From, TimeSpan Ended, TimeSpan To, string Result = "")
{
    public bool IsPostgres => Kind is DisturbanceKind.RestartPostgresFast or DisturbanceKind.RestartPostgresImmediate;

    /// <summary>What takes answers away from clients. A front door that is told to stop first ends what it has.</summary>
    public bool TakesAnswers => Kind is DisturbanceKind.KillFront or DisturbanceKind.FreezeFront or DisturbanceKind.CutClients;

    public override string ToString() => $"{Kind} {Target} {From.TotalSeconds:0.0}-{To.TotalSeconds:0.0} s {Result}".TrimEnd();
}
