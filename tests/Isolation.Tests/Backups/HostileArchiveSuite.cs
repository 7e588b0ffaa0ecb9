using Kataven.Grains.Backups;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Isolation.Tests.Backups;

/// <summary>Whatever is in a backup, it is restored with the rights of the account's role, or not at all.</summary>
public abstract class HostileArchiveSuite(ArenaService service) : BackupSuite(service)
{
    private const string Marker = "/tmp/kataven-restored-by-";

    [Theory]
    [InlineData("ALTER DATABASE \"{0}\" SET search_path = public", "must be owner of database")]
    [InlineData("ALTER ROLE \"{1}\" SUPERUSER", "must be superuser")]
    [InlineData("SET SESSION AUTHORIZATION postgres", "permission denied to set session authorization")]
    [InlineData("SET ROLE kataven_backup", "permission denied to set role")]
    [InlineData("COPY public.t FROM PROGRAM 'touch {2}'", "external program")]
    [InlineData("COPY public.t TO '{2}'", "pg_write_server_files")]
    [InlineData("SELECT lo_import('/etc/passwd')", "permission denied")]
    [InlineData("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.fired()", "permission denied to create event trigger")]
    [InlineData("CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p", "CREATE SUBSCRIPTION is not available")]
    [InlineData("CREATE PUBLICATION p", "CREATE PUBLICATION is not available")]
    [InlineData("SECURITY LABEL ON TABLE public.t IS 'secret'", "SECURITY LABEL is not available")]
    [InlineData("CREATE EXTENSION plperl", "")]
    [InlineData("CREATE INDEX ON public.t (public.mine(a))", "not allowed in indexes")]
    [InlineData("DROP EVENT TRIGGER _kataven_end", "must be owner of event trigger")]
    [InlineData("UPDATE _kataven.identity SET isolation_version = 0", "permission denied for table identity")]
    [InlineData("SELECT pg_export_snapshot()", "permission denied")]
    [InlineData("SELECT * FROM pg_subscription", "permission denied")]
    [InlineData("\\! touch {2}", "syntax error")]
    public async Task A_statement_beyond_the_accounts_rights_is_refused(string statement, string told)
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("hostile");
        var marker = Marker + Guid.NewGuid().ToString("N");
        var archive = HostileArchive.With(await TemplateAsync(), string.Format(null, statement, account, await Service.RoleOfAsync(account), marker));

        var refused = await Assert.ThrowsAsync<PgToolException>(() => RestoreAsync(archive, account));

        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        await AssertSoundAsync(account);
    }

    [Theory]
    [InlineData("CREATE TABLE public.who AS SELECT session_user AS s, current_user AS c")]
    [InlineData("RESET SESSION AUTHORIZATION; RESET ROLE; CREATE TABLE public.who AS SELECT session_user AS s, current_user AS c")]
    public async Task Code_in_an_archive_runs_as_the_account(string statement)
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("hostile");

        await RestoreAsync(HostileArchive.With(await TemplateAsync(), statement), account);

        var role = await Service.RoleOfAsync(account);
        Assert.Equal($"{role} {role}", await Service.SuperuserScalarAsync<string>(account, "SELECT s || ' ' || c FROM public.who"));
        await AssertSoundAsync(account);
    }

    [Fact]
    public async Task What_a_superuser_made_beyond_the_database_is_left_out_and_the_rest_is_restored()
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("hostile");
        await using var database = await DatabaseAsync(
            "CREATE FUNCTION public.fired() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.fired();"
            + "CREATE PUBLICATION p FOR ALL TABLES; COMMENT ON PUBLICATION p IS 'all'; COMMENT ON EVENT TRIGGER e IS 'all'; COMMENT ON EXTENSION plpgsql IS 'mine';"
            + "CREATE SCHEMA _kataven; CREATE TABLE _kataven.identity (a int); CREATE TABLE _kataven.more AS SELECT 1 AS a; GRANT SELECT ON pg_catalog.pg_authid TO PUBLIC;"
            + "GRANT ALL ON t TO PUBLIC; INSERT INTO t VALUES (7)");
        var archive = await HostileArchive.DumpAsync(await ToolsAsync(), database.Login, "custom", Cancellation);

        var outcome = await RestoreAsync(archive, account);

        Assert.True(outcome.LeftOut >= 8, outcome.ToString());
        Assert.Equal(7, (await Service.ScalarAsync(account, "SELECT a FROM t")).GetInt32());
        Assert.Equal("42501", (await Service.TryQueryAsync(account, "SELECT rolpassword FROM pg_authid")).SqlState);
        Assert.Equal(0, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM pg_class WHERE relname = 'more'"));
        await AssertSoundAsync(account);
    }

    [Fact]
    public async Task A_name_may_have_anything_in_it()
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("hostile");
        var marker = Marker + Guid.NewGuid().ToString("N");
        await using var database = await DatabaseAsync(
            $"CREATE TABLE E'a\\n\\\\! touch {marker}\\n; 1; 2 3 TABLE _kataven x' (a int)".Replace("E'", "U&\"", StringComparison.Ordinal).Replace("\\n", "\\000a", StringComparison.Ordinal).Replace("x' (", "x\" (", StringComparison.Ordinal),
            "CREATE TABLE \"_kataven x\" AS SELECT 3 AS a");
        var archive = await HostileArchive.DumpAsync(await ToolsAsync(), database.Login, "custom", Cancellation);

        await RestoreAsync(archive, account);

        Assert.False(File.Exists(marker));
        Assert.Equal(3, await Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"));
        await AssertSoundAsync(account);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("tar")]
    [InlineData("disguised")]
    [InlineData("noise")]
    public async Task What_is_no_archive_of_the_custom_format_is_refused_and_changes_nothing(string format)
    {
        await RequireToolsAsync();
        var account = await Service.NewAccountAsync("hostile");
        await using var database = await DatabaseAsync("CREATE TABLE more (a int)");
        var bytes = format is "noise" ? new byte[100_000] : await HostileArchive.DumpAsync(await ToolsAsync(), database.Login, format is "disguised" ? "custom" : format, Cancellation);
        if (format is "disguised")
        {
            // The byte that says which format it is: a directory's. It stands behind the version and the sizes of numbers.
            bytes[10] = 5;
        }

        await Assert.ThrowsAsync<PgToolException>(() => RestoreAsync(bytes, account));
        Assert.Equal(0, await CountTablesAsync(account));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("swapped")]
    public async Task A_damaged_backup_is_refused_before_anything_is_changed(string damage)
    {
        await RequireToolsAsync();
        var (account, other) = (await Service.NewAccountAsync("damaged"), await Service.NewAccountAsync("damaged"));
        await Service.QueryAsync(account, "CREATE TABLE item AS SELECT g FROM generate_series(1, 100000) g");
        var (name, backup) = await DumpAsync(account);
        var bytes = new MemoryStream();
        await using (var stream = await Store.OpenUncheckedAsync(name, Cancellation))
        {
            await stream.CopyToAsync(bytes, Cancellation);
        }

        var damaged = bytes.ToArray();
        damaged[^100] ^= 1;
        damaged = damage switch { "truncated" => damaged[..^1000], "flipped" => damaged, _ => HostileArchive.With(await TemplateAsync(), "CREATE TABLE public.more (a int)") };
        await Store.WriteAsync(name, (target, cancellation) => target.WriteAsync(damaged, cancellation).AsTask(), Cancellation);

        await Assert.ThrowsAsync<BackupCorruptException>(() => RestoreAsync(name, backup.Stored, other));
        Assert.Equal(0, await CountTablesAsync(other));
    }

    private async Task<RestoreOutcome> RestoreAsync(byte[] archive, string account)
    {
        var name = new BackupName(await UidOfAsync(account), Guid.NewGuid());
        var stored = await Store.WriteAsync(name, (target, cancellation) => target.WriteAsync(archive, cancellation).AsTask(), Cancellation);
        return await RestoreAsync(name, stored, account);
    }

    private Task<long> CountTablesAsync(string account) =>
        Service.SuperuserScalarAsync<long>(account, "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace");

    private async Task<byte[]> TemplateAsync()
    {
        await using var database = await DatabaseAsync(HostileArchive.Placeholder, "CREATE FUNCTION mine(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1'");
        return await HostileArchive.DumpAsync(await ToolsAsync(), database.Login, "custom", Cancellation);
    }

    private Task<PgToolset> ToolsAsync() => Service.Services.GetRequiredService<PgTools>().FindAsync(Service.ServerMajor, Cancellation);

    private async Task<Origin> DatabaseAsync(params string[] statements)
    {
        var name = $"hostile_{Guid.NewGuid():N}";
        await Service.SuperuserAsync("system", $"CREATE DATABASE {name} TEMPLATE template0");
        await Service.SuperuserAsync(name, "CREATE TABLE public.t (a int)");
        foreach (var statement in statements)
        {
            await Service.SuperuserAsync(name, statement);
        }

        return new Origin(Service, new NpgsqlConnectionStringBuilder(Service.ConnectionString) { Database = name });
    }

    private async Task AssertSoundAsync(string account)
    {
        var report = (await Service.AdminClient().CallAsync(HttpMethod.Get, $"/api/admin/accounts/{account}/isolation")).Ok();
        Assert.True(report.GetProperty("findings").EnumerateArray().All(finding => finding.GetProperty("ok").GetBoolean() || finding.GetProperty("name").GetString() == "password"), report.ToString());
    }

    private sealed record Origin(ArenaService Service, NpgsqlConnectionStringBuilder Login) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Service.SuperuserAsync("system", $"DROP DATABASE {Login.Database} WITH (FORCE)");
    }
}
