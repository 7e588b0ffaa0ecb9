using Kataven.Grains.Accounts;
using Kataven.Grains.Backups;
using Kataven.Grains.Migrations;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>What an account has comes back, all of it, into a database that is closed.</summary>
public abstract class RoundTripSuite(ArenaService service) : BackupSuite(service)
{
    [Fact]
    public async Task An_account_gets_back_everything_that_it_made()
    {
        await RequireToolsAsync();
        var account = await RichAccountAsync();
        var (before, schema) = (await AnswersAsync(account), await SchemaAsync(account));
        var (name, backup) = await DumpAsync(account);

        await EmptyAsync(account);
        var outcome = await RestoreAsync(name, backup.Stored, account, sameRole: true);

        Assert.Equal((0, null), (outcome.Skipped, outcome.SkippedBecause));
        Assert.Equal(before, await AnswersAsync(account));
        var restored = await SchemaAsync(account);
        Assert.Equal([], SchemaStructure.Of(schema).Differences(SchemaStructure.Of(restored)));
        Assert.Equal([], SchemaFingerprint.Compare(schema, restored, added: true));
        Assert.Equal([], backup.Manifest.Differences(await Archive.ManifestAsync(await CredentialOfAsync(account), account, Cancellation)));
        await Service.QueryAsync(account, "INSERT INTO app.visit VALUES (3, NULL)");
    }

    /// <summary>A dump does not tell that it was removed, so it is there again.</summary>
    [Fact]
    public async Task An_account_that_removed_the_public_schema_has_the_same_structure_after_a_restore()
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("own");
        await using (var connection = await LogInAsync(account))
        {
            await RunAsync(connection, "DROP SCHEMA public CASCADE; CREATE SCHEMA app; CREATE TABLE app.item (a int)");
        }

        var before = SchemaStructure.Of(await SchemaAsync(account));
        var (name, backup) = await DumpAsync(account);

        await EmptyAsync(account);
        await RestoreAsync(name, backup.Stored, account, sameRole: true);

        Assert.Equal([], before.Differences(SchemaStructure.Of(await SchemaAsync(account))));
    }

    [Fact]
    public async Task Rows_are_counted_table_by_table_and_nothing_of_the_services_own()
    {
        await RequireToolsAsync();
        var account = await RichAccountAsync();
        var (_, backup) = await DumpAsync(account);

        var rows = backup.Manifest.Tables.ToDictionary(table => $"{table.Schema}.{table.Table}", table => table.Rows);
        Assert.Equal(500, rows["app.person"]);
        Assert.Equal((214, 186), (rows["app.visit_1"], rows["app.visit_2"]));
        Assert.Equal((2, 1, 1, 2), (rows["public.parent"], rows["public.child"], rows["public.fast"], rows["public.o'dd \"name"]));
        Assert.DoesNotContain("app.visit", rows.Keys);
        Assert.DoesNotContain(rows.Keys, table => table.StartsWith("_kataven", StringComparison.Ordinal));
        Assert.Equal(2, backup.Manifest.LargeObjects);
    }

    [Fact]
    public async Task Another_account_gets_the_same_data_and_none_of_the_first_ones_rights()
    {
        await RequireToolsAsync();
        var (account, other) = (await RichAccountAsync(), await Service.NewAccountAsync("copy"));
        var (name, backup) = await DumpAsync(account);

        await RestoreAsync(name, backup.Stored, other);

        Assert.Equal([], backup.Manifest.Differences(await Archive.ManifestAsync(await CredentialOfAsync(other), other, Cancellation)));
        var role = await Service.RoleOfAsync(account);
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(other,
            $"SELECT count(*) FROM pg_class c, aclexplode(c.relacl) x WHERE x.grantee = '{role}'::regrole OR x.grantor = '{role}'::regrole"));
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(other, $"SELECT count(*) FROM pg_class WHERE relowner = '{role}'::regrole"));
    }

    [Fact]
    public async Task What_is_counted_is_what_was_dumped_while_the_account_writes()
    {
        await RequireToolsAsync();
        var (account, other) = (await Service.NewAccountAsync("busy"), await Service.NewAccountAsync("busy"));
        await Service.QueryAsync(account, "CREATE TABLE item (a int)");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var written = 0;
        var writer = Task.Run(async () =>
        {
            await using var connection = await LogInAsync(account);
            for (; !stop.IsCancellationRequested; written++)
            {
                await RunAsync(connection, "INSERT INTO item VALUES (1)");
            }
        }, Cancellation);
        await Eventually.Async(() => Volatile.Read(ref written) > 0, TimeSpan.FromSeconds(10), "the account writes");
        var before = Volatile.Read(ref written);
        var (name, backup) = await DumpAsync(account);
        var after = Volatile.Read(ref written);
        await stop.CancelAsync();
        await writer;

        await RestoreAsync(name, backup.Stored, other);
        Assert.True(after > before);
        Assert.Equal([], backup.Manifest.Differences(await Archive.ManifestAsync(await CredentialOfAsync(other), other, Cancellation)));
    }

    [Fact]
    public async Task A_dump_that_is_cancelled_leaves_no_backup_and_no_connection()
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("cancelled");
        await Service.QueryAsync(account, "CREATE TABLE item AS SELECT md5(g::text) || md5((g + 1)::text) AS a FROM generate_series(1, 200000) g");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var name = new BackupName(await UidOfAsync(account), Guid.NewGuid());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Archive.DumpAsync(Id(account), name, DumpPurpose.Backup, new AtOnce(_ => cancel.Cancel()), _ => Task.CompletedTask, cancel.Token));

        await foreach (var entry in Store.ListAsync(Cancellation))
        {
            Assert.NotEqual(name, entry.Name);
        }

        await Eventually.Async(
            async () => await Service.SystemScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'kataven-backup'", account) == 0,
            Promised.Within(5),
            "its connections are closed");
    }

    /// <summary>On the caller's thread, so that it is cancelled in the midst of the dump.</summary>
    private sealed class AtOnce(Action<long> act) : IProgress<long>
    {
        public void Report(long value) => act(value);
    }

    private async Task<string> RichAccountAsync()
    {
        var account = await Service.NewAccountAsync("rich");
        await using var connection = await LogInAsync(account);
        foreach (var statements in RichSchema.Statements)
        {
            await RunAsync(connection, statements);
        }

        var failed = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(connection, RichSchema.FailedIndex));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, failed.SqlState);
        return account;
    }

    private async Task<List<string>> AnswersAsync(string account)
    {
        var answers = new List<string>();
        await using var connection = await Service.OpenInAsync(account);
        foreach (var question in RichSchema.Questions)
        {
            await using var command = new NpgsqlCommand(question, connection);
            var answer = $"{await command.ExecuteScalarAsync(Cancellation)}";
            answers.Add($"{question}\n{(question.Contains("pg_get_", StringComparison.Ordinal) ? DeparsedText.Reduce(answer) : answer)}");
        }

        return answers;
    }

    private async Task<IReadOnlyList<SchemaObject>> SchemaAsync(string account)
    {
        await using var inside = await Service.Services.GetRequiredService<SystemDatabase>().OpenInAsync(account, Cancellation);
        return await SchemaFingerprint.ReadAsync(inside, Cancellation);
    }
}
