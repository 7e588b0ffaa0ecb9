using CsCheck;
using Kataven.Grains.Connections.Budget;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections.Budget;

/// <summary>
/// Silos with accounts that open, use and close connections, ask for slots, get lost answers, and die; and the budget's owner, which
/// may lose all that it knows. After each step the two things that always hold are looked at.
/// </summary>
public sealed class BudgetPropertyTests
{
    private const int Silos = 3;
    private const int AccountsOfEach = 4;

    private enum Act
    {
        Open,
        Finish,
        Resume,
        Close,
        Ask,
        AskInVain,
        Die,
        ProcessEnds,
        Forget,
    }

    [Fact]
    public void Whatever_is_done_in_whatever_order_the_budget_holds_and_nobody_waits_while_a_slot_could_be_had() =>
        Gen.Select(Gen.Int[1, 9], Gen.Select(Gen.Enum<Act>(), Gen.Int[0, Silos - 1], Gen.Int[0, AccountsOfEach - 1]).Array[1, 80])
            .Sample((budget, acts) => new Cluster(budget).Run(acts), iter: 3_000);

    private sealed class Cluster(int budget)
    {
        private readonly FakeTimeProvider _time = new();
        private readonly List<SimulatedSilo> _silos = [];
        private BudgetBook<SimulatedSilo> _book = new() { Budget = budget, IsComplete = true };
        private int _orphans;

        private int Connections => _silos.Sum(silo => silo.Connections) + _orphans;

        public void Run((Act Act, int Silo, int Account)[] acts)
        {
            _silos.AddRange(Enumerable.Range(0, Silos).Select(_ => new SimulatedSilo(AccountsOfEach, _time)));
            foreach (var (act, silo, account) in acts)
            {
                Do(act, _silos[silo], account);
                Assert.InRange(Connections, 0, budget);
            }

            Settle();
            Assert.InRange(Connections, 0, budget);
            var waits = _silos.Any(silo => silo.Book.Waiting > 0);
            Assert.False(waits && Connections < budget, "a slot is free, and somebody waits");
            Assert.False(waits && _silos.Any(silo => silo.Users.Any(user => user.Idle > 0)), "a lane is idle, and somebody waits");
        }

        private void Do(Act act, SimulatedSilo silo, int account)
        {
            switch (act)
            {
                case Act.Open:
                    silo.Open(account);
                    break;
                case Act.Finish:
                    silo.Finish(account);
                    break;
                case Act.Resume:
                    silo.Resume(account);
                    break;
                case Act.Close:
                    silo.Close(account);
                    break;
                case Act.Ask:
                    Ask(silo, isLost: false);
                    break;
                case Act.AskInVain:
                    Ask(silo, isLost: true);
                    break;
                case Act.Die:
                    _orphans += silo.Connections;
                    _book.Died(silo);
                    _silos[_silos.IndexOf(silo)] = new SimulatedSilo(AccountsOfEach, _time);
                    break;
                case Act.ProcessEnds when _orphans > 0:
                    _orphans--;
                    _book.Orphans = _orphans;
                    break;
                case Act.Forget:
                    _book = new() { Budget = budget };
                    break;
            }
        }

        private void Ask(SimulatedSilo silo, bool isLost)
        {
            var need = silo.Need();
            // Whoever has not been heard counts as holding what nobody knows.
            if (!_book.IsComplete && _silos.All(other => other == silo || _book.Silos.Contains(other)))
            {
                (_book.IsComplete, _book.Orphans) = (true, _orphans);
            }

            var granted = _book.Lease(silo, need);
            var owed = _book.Owed(silo);
            if (!isLost)
            {
                silo.Take(granted, owed);
            }
        }

        /// <summary>Processes of the dead are counted and end, all that is on its way arrives, and nothing new happens.</summary>
        private void Settle()
        {
            _book.Orphans = _orphans = 0;
            for (var round = 0; round < 20; round++)
            {
                foreach (var silo in _silos)
                {
                    Ask(silo, isLost: false);
                    silo.Evict(_silos.Any(other => other.Book.Waiting > 0));
                }
            }
        }
    }
}
