namespace Kataven.Audit;

/// <summary>The audit log. A call is written down before it runs, so that one whose process died is seen too.</summary>
[Alias("kataven.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    [Alias("Begin")]
    Task<long> BeginAsync(AuditEntry entry);

    /// <summary>Says which account a call is about, where that stands in its body alone.</summary>
    [Alias("Name")]
    Task NameAsync(long id, string accountId);

    [Alias("End")]
    Task EndAsync(long id, string outcome, int status);

    /// <param name="accountId">Only this account's, or all.</param>
    /// <param name="after">The last id of the page before, or 0.</param>
    /// <param name="limit">1 to 500.</param>
    [Alias("List")]
    Task<AuditPage> ListAsync(string? accountId, long after, int limit);
}
