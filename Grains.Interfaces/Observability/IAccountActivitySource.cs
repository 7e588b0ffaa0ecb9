namespace Kataven.Observability;

/// <summary>Knows what accounts do in this process. A front door sees their requests, a silo their lanes too.</summary>
public interface IAccountActivitySource
{
    /// <summary><c>front</c> or <c>silo</c>.</summary>
    string Place { get; }

    bool HasLanes { get; }

    IEnumerable<AccountActivity> Now();
}
