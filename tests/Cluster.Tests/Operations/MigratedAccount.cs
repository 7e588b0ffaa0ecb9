namespace Kataven.Cluster.Tests.Operations;

/// <summary>What both migrations make, once each.</summary>
public static class MigratedAccount
{
    public static async Task AssertAsync(KilledService service, FleetAccount account)
    {
        Assert.Equal("1,2", await service.ScalarAsync<string>("SELECT string_agg(version::text, ',' ORDER BY version) FROM _kataven.migration WHERE state = 'applied'", account.Id));
        Assert.Equal("note_pkey:true,note_text_idx:true", await service.ScalarAsync<string>(
            "SELECT string_agg(indexrelid::regclass || ':' || indisvalid, ',' ORDER BY indexrelid::regclass::text) FROM pg_index WHERE indrelid = 'public.note'::regclass", account.Id));
        Assert.Equal("1", await account.RunAsync("SELECT count(*) FROM note WHERE text = 'first'"));
        Assert.Equal(2, await service.ScalarAsync<int>($"SELECT schema_version FROM kataven.account_state WHERE account_id = '{account.Id}'"));
        await account.AssertServesAsync(FleetAccount.Old);
    }
}
