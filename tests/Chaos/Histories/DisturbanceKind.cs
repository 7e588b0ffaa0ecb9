namespace Kataven.Chaos.Histories;

/// <summary>What is done to the service while clients use it.</summary>
internal enum DisturbanceKind
{
    KillSilo,
    FreezeSilo,
    StopSilo,
    KillFront,
    FreezeFront,
    StopFront,
    RestartPostgresFast,
    RestartPostgresImmediate,
    CutDatabase,
    CutClients,
    Suspension,
    Restore,
    Clone,
    Rollout,
    Recreation,
}
