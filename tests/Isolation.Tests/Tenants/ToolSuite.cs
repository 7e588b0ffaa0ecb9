using System.Data;
using System.Diagnostics;
using Kataven.Isolation.Tests.Servers;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Isolation.Tests.Tenants;

/// <summary>Tools that read the catalogs, as the account's own role: psql, Npgsql, and what migrations ask.</summary>
public abstract class ToolSuite(ArenaService service) : ServerSuite(service)
{
    private const string DebianPsql = "/usr/lib/postgresql/{0}/bin/psql";

    [Theory]
    [InlineData("\\d")]
    [InlineData("\\d item")]
    [InlineData("\\d+ item")]
    [InlineData("\\dt+")]
    [InlineData("\\di+")]
    [InlineData("\\dv+")]
    [InlineData("\\dm+")]
    [InlineData("\\ds+")]
    [InlineData("\\df")]
    [InlineData("\\df+")]
    [InlineData("\\dn+")]
    [InlineData("\\dT+")]
    [InlineData("\\dD")]
    [InlineData("\\dx")]
    [InlineData("\\dp")]
    [InlineData("\\ddp")]
    [InlineData("\\dy")]
    [InlineData("\\sf twice")]
    [InlineData("\\sv item_view")]
    [InlineData("\\conninfo")]
    public async Task Psql_describes_what_is_the_accounts(string command)
    {
        var psql = Enumerable.Range(14, 10).Select(major => DebianPsql.Replace("{0}", $"{major}", StringComparison.Ordinal)).LastOrDefault(File.Exists);
        Assert.SkipWhen(psql is null, "psql is not installed.");
        var login = await Service.LoginOfAsync(await DescribedAsync());
        var start = new ProcessStartInfo(psql!, ["-X", "-v", "ON_ERROR_STOP=1", "-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = login.Host, ["PGPORT"] = login.Port.ToString(null, null), ["PGUSER"] = login.Username,
                ["PGPASSWORD"] = login.Password, ["PGDATABASE"] = login.Database, ["PGSSLMODE"] = "disable",
            },
        };
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);

        Assert.True(process.ExitCode == 0, await error);
        Assert.DoesNotContain(Service.Arena.Victim, await output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Npgsql_loads_its_types_and_tells_the_schema()
    {
        var login = await Service.LoginOfAsync(await DescribedAsync());
        var cancellation = TestContext.Current.CancellationToken;
        await using var source = new NpgsqlDataSourceBuilder(login.ConnectionString).Build();
        await using var connection = await source.OpenConnectionAsync(cancellation);
        foreach (var collection in (string[])
            ["Tables", "Columns", "Views", "Indexes", "IndexColumns", "Constraints", "PrimaryKey", "UniqueKeys", "ForeignKeys", "DataTypes", "Restrictions", "MetaDataCollections"])
        {
            using var rows = await connection.GetSchemaAsync(collection, cancellation);
            Assert.IsType<DataTable>(rows);
        }

        await using var command = new NpgsqlCommand("SELECT 'glad'::mood, ARRAY[1, 2], '{\"a\": 1}'::jsonb", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        Assert.True(await reader.ReadAsync(cancellation));
        Assert.Equal("glad", reader.GetValue(0));
    }

    /// <summary>What an ORM asks before and while it migrates.</summary>
    [Theory]
    [InlineData("SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relname = '__EFMigrationsHistory')")]
    [InlineData("CREATE TABLE IF NOT EXISTS \"__EFMigrationsHistory\" (\"MigrationId\" character varying(150) NOT NULL, \"ProductVersion\" character varying(32) NOT NULL, CONSTRAINT \"PK___EFMigrationsHistory\" PRIMARY KEY (\"MigrationId\"))")]
    [InlineData("LOCK TABLE \"item\" IN ACCESS EXCLUSIVE MODE")]
    [InlineData("SELECT CASE WHEN COUNT(*) = 0 THEN FALSE ELSE TRUE END FROM pg_class AS cls JOIN pg_namespace AS ns ON ns.oid = cls.relnamespace WHERE cls.relkind IN ('r', 'v', 'm', 'f', 'p') AND ns.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = (SELECT cls.oid FROM pg_class AS cls JOIN pg_namespace AS ns ON ns.oid = cls.relnamespace WHERE relname = 'pg_class' AND ns.nspname = 'pg_catalog') AND objid = cls.oid AND deptype IN ('e', 'x'))")]
    [InlineData("SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'item'::regclass AND attnum > 0")]
    [InlineData("SELECT conname, contype, pg_get_constraintdef(oid, true), confrelid::regclass FROM pg_constraint WHERE conrelid = 'item'::regclass")]
    [InlineData("SELECT c.table_name, c.column_name, c.data_type, c.character_octet_length, c.is_nullable, c.column_default FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) WHERE t.table_schema = current_schema()")]
    [InlineData("SELECT t.relname, i.relname, a.attname, ix.indisunique FROM pg_class t JOIN pg_index ix ON t.oid = ix.indrelid JOIN pg_class i ON i.oid = ix.indexrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (ix.indkey)")]
    [InlineData("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege(oid, 'USAGE')")]
    [InlineData("SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid")]
    [InlineData("SELECT extname, extversion FROM pg_extension")]
    [InlineData("SELECT has_table_privilege('item', 'SELECT'), has_schema_privilege('public', 'CREATE')")]
    [InlineData("SELECT current_setting('server_version_num')::int, current_schema(), current_schemas(true), pg_backend_pid(), pg_is_in_recovery()")]
    public async Task What_migrations_ask_is_answered(string sql)
    {
        var account = await DescribedAsync();
        var reply = sql.StartsWith("LOCK", StringComparison.Ordinal)
            ? await Service.Client(account).PostAsync("/api/transaction", new { statements = new[] { new { sql } } })
            : await Service.TryQueryAsync(account, sql);
        Assert.True(reply.Status == 200, reply.ToString());
    }

    private async Task<string> DescribedAsync()
    {
        var account = await Service.AccountOfAsync("described-" + GetType().Name.ToLowerInvariant());
        foreach (var sql in (string[])
        [
            "CREATE TABLE IF NOT EXISTS item (id int PRIMARY KEY, name text UNIQUE, of int REFERENCES item)",
            "CREATE OR REPLACE VIEW item_view AS SELECT * FROM item",
            "CREATE OR REPLACE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'",
            "DO $$ BEGIN CREATE TYPE mood AS ENUM ('sad', 'glad'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        ])
        {
            await Service.QueryAsync(account, sql);
        }

        return account;
    }
}
