using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Tests.Connections.Budget;

public sealed class BudgetSizeTests
{
    [Theory]
    [InlineData(97, 0, 1, 87)]
    [InlineData(97, 0, 2, 80)]
    [InlineData(97, 0, 5, 59)]
    [InlineData(97, 0, 0, 87)]
    [InlineData(97, 40, 5, 57)]
    [InlineData(97, 0, 20, 1)]
    public void It_is_what_the_server_has_less_ten_and_seven_for_each_further_process_unless_the_reserve_says_otherwise(
        int serverSlots, int reserve, int processes, int budget) =>
        Assert.Equal(budget, BudgetSize.Of(serverSlots, reserve, processes));
}
