namespace Kataven.Grains.Connections;

/// <summary>Whoever has one of an account's places for a lane that the pool does not lend: the fast lane.</summary>
internal interface ILaneGuest
{
    /// <summary>Since when its lane does nothing, as a timestamp; null where it is at work, or there is none.</summary>
    long? IdleSince { get; }

    /// <summary>Closes its lane where that does nothing, and tells whether it does.</summary>
    bool TryClose();
}
