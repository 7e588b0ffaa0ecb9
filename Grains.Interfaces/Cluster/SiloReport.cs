namespace Kataven.Cluster;

/// <summary>One member of the cluster.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address and port.</param>
/// <param name="Role"><c>silo</c>, or <c>front</c> for a front door, which holds no account.</param>
/// <param name="Status">As membership has it: <c>active</c>, <c>joining</c>, <c>shuttingdown</c>, …</param>
/// <param name="Accounts">Tenant grains that are alive there.</param>
/// <param name="Connections">Lanes that are open there.</param>
[GenerateSerializer, Immutable, Alias("kataven.SiloReport")]
public sealed record SiloReport(
    [property: Id(0)] string Name,
    [property: Id(1)] string Address,
    [property: Id(2)] string Role,
    [property: Id(3)] string Status,
    [property: Id(4)] int Accounts,
    [property: Id(5)] int Connections);
