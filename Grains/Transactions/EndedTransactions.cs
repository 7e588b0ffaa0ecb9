using Kataven.Transactions;

namespace Kataven.Grains.Transactions;

/// <summary>
/// How the last transactions of an account ended, so that whoever still calls one is told why it is gone. It is for people: where
/// it is forgotten the answer is the same but for that. Thread-safe.
/// </summary>
internal sealed class EndedTransactions
{
    private const int Capacity = 256;

    private readonly Lock _lock = new();
    private readonly Queue<TransactionId> _order = new();
    private readonly Dictionary<TransactionId, TransactionEnd> _ends = [];

    public void Add(TransactionId id, TransactionEnd end)
    {
        lock (_lock)
        {
            _ends[id] = end;
            _order.Enqueue(id);
            if (_order.Count > Capacity)
            {
                _ends.Remove(_order.Dequeue());
            }
        }
    }

    public TransactionEnd? Find(TransactionId id)
    {
        lock (_lock)
        {
            return _ends.TryGetValue(id, out var end) ? end : null;
        }
    }
}
