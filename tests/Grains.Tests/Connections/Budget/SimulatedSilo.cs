using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Tests.Connections.Budget;

/// <summary>A silo without clocks and threads: its accounts' connections, and its slots.</summary>
internal sealed class SimulatedSilo
{
    private readonly List<SlotTurn> _turns = [];

    public SimulatedSilo(int accounts, TimeProvider time)
    {
        Book = new SlotBook(TimeSpan.FromMilliseconds(100), time);
        Users = [.. Enumerable.Range(0, accounts).Select(_ => new FakeUser())];
    }

    public SlotBook Book { get; }

    public FakeUser[] Users { get; }

    public int Connections => Users.Sum(user => user.Open);

    /// <summary>A request needs one more connection.</summary>
    public void Open(int account)
    {
        var user = Users[account];
        if (_turns.Any(turn => turn.User == user && !turn.Taken.IsCompleted))
        {
            return;
        }

        if (Book.TryTake(user))
        {
            user.Open++;
        }
        else
        {
            _turns.Add(Book.Join(user));
        }
    }

    public void Finish(int account) => Users[account].Idle += Users[account].Idle < Users[account].Open ? 1 : 0;

    public void Resume(int account) => Users[account].Idle -= Users[account].Idle > 0 ? 1 : 0;

    public void Close(int account)
    {
        var user = Users[account];
        if (user.Idle > 0)
        {
            user.Idle--;
            user.Open--;
            Book.GiveBack(user);
            Serve();
        }
    }

    public SlotNeed Need() => new(
        Book.Leased,
        Math.Max(0, Book.Waiting - Math.Max(0, Book.Free - Book.Owed)),
        Book.Free < 1 ? 2 : 0,
        Users.Count(user => user.Idle > 0) + Math.Max(0, Book.Free - Book.Waiting),
        Book.Accounts);

    public void Take(int granted, int owed)
    {
        Book.Lease(granted);
        Book.Owe(owed);
        Serve();
    }

    /// <summary>Closes idle lanes that somebody waits for, and gives back what nobody here does.</summary>
    public void Evict(bool anybodyWaits)
    {
        for (var account = 0; account < Users.Length && Book.Waiting + Book.Owed > Book.Free; account++)
        {
            Close(account);
        }

        if (anybodyWaits && Book.Waiting == 0)
        {
            Book.Release(Book.Free);
        }
    }

    private void Serve()
    {
        foreach (var turn in Book.Serve())
        {
            ((FakeUser)turn.User!).Open++;
            turn.End(taken: true);
        }
    }
}
