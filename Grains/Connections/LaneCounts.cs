namespace Kataven.Grains.Connections;

/// <summary>An account's lanes by what they do, and the requests that wait for one.</summary>
internal readonly record struct LaneCounts(int Opening, int Idle, int Busy, int Resetting, int Broken, int Closing, int Waiting)
{
    /// <summary>All of them: each is a connection of PostgreSQL, or is about to be one.</summary>
    public int Open => Opening + Idle + Busy + Resetting + Broken + Closing;

    /// <summary>Those that no request could have at once.</summary>
    public int NotIdle => Open - Idle;
}
