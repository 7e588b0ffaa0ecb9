namespace Kataven.Grains.Connections.Budget;

/// <summary>Slots that a silo has leased, those with a connection, and the accounts that wait for one.</summary>
internal readonly record struct SlotCounts(int Leased, int Used, int Waiting);
