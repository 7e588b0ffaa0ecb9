using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

[Collection(HastyCollection.Name)]
public sealed class DumpedCloneTests(HastyService service)
{
    [Fact]
    public async Task A_large_account_is_cloned_by_a_dump_and_nothing_of_it_stays_in_the_store()
    {
        await service.CloneAsync("dump");

        // What other tests keep there is known as a backup.
        foreach (var file in Directory.Exists(service.Store) ? Directory.GetFiles(service.Store, "*", SearchOption.AllDirectories) : [])
        {
            Assert.True(await service.SystemScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM kataven.backup WHERE replace(backup_id::text, '-', '') = $1)", Path.GetFileNameWithoutExtension(file)), file);
        }
    }

    [Fact]
    public async Task A_clone_by_dump_tells_what_could_not_be_cloned()
    {
        var (slug, into) = (await service.NewUnfillableAsync(), AccountCalls.Slug("clone"));

        var operation = await service.SucceedAsync($"/accounts/{slug}/clones", new { account_id = into });

        service.AssertTold(operation);
        Assert.False((await service.ScalarAsync(into, UnfillableView.IsFilled)).GetBoolean());
    }
}
