using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Tests.Connections.Budget;

public sealed class BudgetBookTests
{
    private readonly BudgetBook<string> _book = new() { Budget = 10, IsComplete = true };

    [Fact]
    public void What_is_free_is_granted_and_no_more()
    {
        Assert.Equal(6, Ask("a", 0, 6));
        Assert.Equal(4, Ask("b", 0, 6));
        Assert.Equal(0, _book.Free);
        Assert.Equal(0, Ask("c", 0, 1));
    }

    [Fact]
    public void Nothing_is_granted_before_all_is_known()
    {
        _book.IsComplete = false;

        Assert.Equal(0, Ask("a", 3, 2));
        Assert.Equal(0, _book.Owed("a"));
        _book.IsComplete = true;

        Assert.Equal(["a"], _book.Grantable);
        Assert.Equal(2, Ask("a", 3, 2));
    }

    [Fact]
    public void Who_waits_longest_is_first()
    {
        Ask("a", 0, 10);
        Ask("b", 0, 2);
        Ask("c", 0, 2);
        Ask("a", 7, 0);

        Assert.Equal(["b", "c"], _book.Grantable);
        Assert.Equal(1, Ask("c", 0, 2));
        Assert.Equal(2, Ask("b", 0, 2));
    }

    [Fact]
    public void Spare_ones_are_given_only_while_there_are_plenty()
    {
        Assert.Equal(4, _book.Lease("a", new SlotNeed(0, 0, Spare: 4, Idle: 0, Accounts: 0)));
        Assert.Equal(4, _book.Lease("b", new SlotNeed(0, 0, Spare: 4, Idle: 0, Accounts: 0)));
        Assert.Equal(1, _book.Lease("c", new SlotNeed(0, 0, Spare: 4, Idle: 0, Accounts: 0)));
        Assert.Equal(1, _book.Free);
    }

    [Fact]
    public void Idle_ones_are_owed_first()
    {
        _book.Lease("a", new SlotNeed(0, 5, 0, Idle: 0, Accounts: 5));
        _book.Lease("b", new SlotNeed(0, 5, 0, Idle: 3, Accounts: 5));
        _book.Lease("b", new SlotNeed(5, 0, 0, Idle: 3, Accounts: 5));
        Ask("c", 0, 2, accounts: 2);

        Assert.Equal((0, 2), (_book.Owed("a"), _book.Owed("b")));
    }

    [Fact]
    public void Where_none_is_idle_those_are_owed_that_are_beyond_a_silos_part_by_its_accounts()
    {
        _book.Lease("a", new SlotNeed(0, 8, 0, 0, Accounts: 1));
        _book.Lease("b", new SlotNeed(0, 2, 0, 0, Accounts: 2));
        _book.Lease("c", new SlotNeed(0, 9, 0, 0, Accounts: 2));

        // Of ten, two go to each account: c's part is four.
        Assert.Equal((4, 0), (_book.Owed("a"), _book.Owed("b")));
    }

    [Fact]
    public void The_last_slot_goes_from_silo_to_silo()
    {
        _book.Budget = 1;
        Ask("a", 0, 1);
        Ask("b", 0, 1);

        Assert.Equal(1, _book.Owed("a"));
        Ask("a", 0, 1);
        Assert.Equal(1, Ask("b", 0, 1));
        Assert.Equal(1, _book.Owed("b"));
    }

    [Fact]
    public void Slots_of_a_silo_that_died_are_not_free_before_its_processes_are_counted()
    {
        Ask("a", 0, 6);
        _book.Died("a");

        Assert.Equal(4, _book.Free);
        _book.Orphans = 1;
        Assert.Equal(9, _book.Free);
    }

    [Fact]
    public void A_smaller_budget_is_owed_by_whoever_holds_most()
    {
        Ask("a", 0, 7, accounts: 7);
        Ask("b", 0, 3, accounts: 3);
        _book.Budget = 8;

        Assert.Equal(2, _book.Owed("a") + _book.Owed("b"));
        Assert.True(_book.Owed("a") >= _book.Owed("b"));
    }

    private int Ask(string silo, int held, int wanted, int accounts = 1) => _book.Lease(silo, new SlotNeed(held, wanted, 0, 0, accounts));
}
