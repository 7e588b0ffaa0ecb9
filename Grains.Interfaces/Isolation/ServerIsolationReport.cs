using System.Collections.Immutable;

namespace Kataven.Isolation;

/// <summary>What the server as a whole leaves open.</summary>
/// <param name="ServerVersion">As PostgreSQL prints it.</param>
/// <param name="IsolationVersion">The version that databases are closed with now.</param>
/// <param name="Settings">Settings that differ from what is recommended.</param>
/// <param name="Missing">Protections that cannot be had here, and why.</param>
/// <param name="Findings">What an audit of every database and role found wrong; empty where nothing is.</param>
[GenerateSerializer, Immutable, Alias("kataven.ServerIsolationReport")]
public sealed record ServerIsolationReport(
    [property: Id(0)] string ServerVersion,
    [property: Id(1)] int IsolationVersion,
    [property: Id(2)] ImmutableArray<SettingFinding> Settings,
    [property: Id(3)] ImmutableArray<IsolationFinding> Missing,
    [property: Id(4)] ImmutableArray<string> Findings);
