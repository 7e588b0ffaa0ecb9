using Kataven.Accounts;

namespace Kataven.Grains.Connections.Budget;

/// <summary>Whoever opens connections in slots of the budget: an account's lanes.</summary>
internal interface ISlotUser
{
    /// <summary>Since when the lane does nothing that it would close first, as a timestamp; null where it has no such lane.</summary>
    long? IdleSince { get; }

    /// <summary>Closes that lane, and tells whether it does. Its slot comes back when PostgreSQL's side is gone.</summary>
    bool TryEvict();

    /// <summary>Closes those lanes that have done nothing for so long, except the last.</summary>
    void CloseUnused(TimeSpan unusedFor);

    /// <summary>PostgreSQL's processes that serve it.</summary>
    IEnumerable<int> ProcessIds { get; }
}
