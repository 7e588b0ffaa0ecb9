using Kataven.Fleet.Tests.Operations;

namespace Kataven.Fleet.Tests.Restores;

[Collection(HastyCollection.Name)]
public sealed class DumpedCloneTests(HastyService service)
{
    [Fact]
    public async Task A_large_account_is_cloned_by_a_dump_and_nothing_of_it_stays_in_the_store()
    {
        await service.CloneAsync("dump");

        Assert.Empty(Directory.Exists(service.Store) ? Directory.GetFiles(service.Store, "*", SearchOption.AllDirectories) : []);
    }
}
