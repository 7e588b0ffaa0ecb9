namespace Kataven.Grains.Connections;

/// <summary>Opens and closes the connection of a fast lane, in a place among the account's lanes.</summary>
internal sealed class FastConnections(LanePool places, ILaneSource source)
{
    /// <summary>While all places or slots are taken the other lanes are used, and after this it is looked again.</summary>
    private static readonly TimeSpan PlaceEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>After a connection could not be opened, the other lanes are used for as long.</summary>
    private static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(1);

    /// <summary>A lane; or none, and how long not to ask again.</summary>
    public async ValueTask<(Lane? Lane, TimeSpan Pause)> OpenAsync(CancellationToken stop)
    {
        if (!places.TryTakePlace())
        {
            return (null, PlaceEvery);
        }

        try
        {
            if ((await source.OpenFastAsync(stop).ConfigureAwait(false)).Lane is { } lane)
            {
                places.GuestOpened(lane);
                return (lane, TimeSpan.Zero);
            }
        }
        catch (Exception)
        {
            // Another lane will find the same, and has somebody to tell it to.
        }

        places.GivePlaceBack(LaneState.Opening, hasSlot: true);
        return (null, CoolDown);
    }

    /// <param name="lane">The lane, or null where there is none to close.</param>
    /// <param name="broken">The server's side may still be at work.</param>
    public Task CloseAsync(Lane? lane, bool broken)
    {
        if (lane is null)
        {
            return Task.CompletedTask;
        }

        places.GuestMoved(lane, broken ? LaneState.Broken : LaneState.Closing);
        return places.CloseAsync(lane);
    }
}
