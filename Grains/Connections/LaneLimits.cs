namespace Kataven.Grains.Connections;

/// <summary>How many lanes an account has, and how requests wait for them.</summary>
internal readonly record struct LaneLimits(int MaxLanes, int MaxQueue, TimeSpan WaitTimeout);
