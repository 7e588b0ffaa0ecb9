namespace Kataven.Queries;

/// <summary>PostgreSQL's isolation levels (<c>read uncommitted</c> is <c>read committed</c> there).</summary>
[GenerateSerializer, Alias("kataven.TransactionIsolation")]
public enum TransactionIsolation
{
    ReadCommitted,
    RepeatableRead,
    Serializable,
}
