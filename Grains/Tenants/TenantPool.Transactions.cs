namespace Kataven.Grains.Tenants;

// What interactive transactions need of it.
internal sealed partial class TenantPool
{
    private int _transactions;

    /// <summary>Called when the account's row has been read, whose limits may be others than before.</summary>
    public event Action? LimitsChanged;

    public void TransactionBegan() => Interlocked.Increment(ref _transactions);

    public void TransactionEnded() => Interlocked.Decrement(ref _transactions);
}
