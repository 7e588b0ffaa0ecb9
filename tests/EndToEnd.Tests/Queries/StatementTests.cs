using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>One statement a call, of any kind.</summary>
public sealed class StatementTests(ServiceFixture service)
{
    [Theory]
    [InlineData("select 1; select 2")]
    [InlineData("select 1; drop table kept")]
    [InlineData("insert into kept values (9); select 1")]
    [InlineData("select 1; commit")]
    public async Task Text_after_a_semicolon_is_an_error_and_never_runs(string sql)
    {
        var account = await service.AccountOfAsync<StatementTests>();
        await service.QueryAsync(account, "create table if not exists kept (id int)");

        var reply = await service.TryQueryAsync(account, sql);

        Assert.Equal((400, "sql_error", "42601"), (reply.Status, reply.Code, reply.SqlState));
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from kept")).GetInt32());
    }

    [Theory]
    [InlineData("select id, name from tags where id = 1", "SELECT", "1", 2)]
    [InlineData("select 1;", "SELECT", "1", 1)]
    [InlineData("values (1), (2)", "SELECT", "2", 1)]
    [InlineData("table tags", "SELECT", "2", 2)]
    [InlineData("insert into tags values (3, 'c'), (4, 'd')", "INSERT", "2", 0)]
    [InlineData("update tags set name = 'x' where id > 2", "UPDATE", "2", 0)]
    [InlineData("delete from tags where id > 2", "DELETE", "2", 0)]
    [InlineData("insert into tags values (5, 'e') returning id", "INSERT", "1", 1)]
    [InlineData("with gone as (delete from tags where id = 5 returning id) select * from gone", "SELECT", "1", 1)]
    [InlineData("merge into tags using (values (1)) v (id) on tags.id = v.id when matched then update set name = 'a'", "MERGE", "1", 0)]
    [InlineData("create table tagged as select * from tags", "SELECT", "2", 0)]
    [InlineData("create table if not exists tagged as select * from tags", "CREATE TABLE AS", "null", 0)]
    [InlineData("create table empty_tagged as select * from tags with no data", "CREATE TABLE AS", "null", 0)]
    [InlineData("select * into tagged_too from tags", "SELECT", "2", 0)]
    [InlineData("create table t (id int)", "CREATE TABLE", "null", 0)]
    [InlineData("alter table t add column x int", "ALTER TABLE", "null", 0)]
    [InlineData("truncate t", "TRUNCATE TABLE", "null", 0)]
    [InlineData("vacuum t", "VACUUM", "null", 0)]
    [InlineData("create index concurrently t_id on t (id)", "CREATE INDEX", "null", 0)]
    [InlineData("show TimeZone", "SHOW", "null", 1)]
    [InlineData("explain (costs off) select 1", "EXPLAIN", "null", 1)]
    [InlineData("set work_mem to '8MB'", "SET", "null", 0)]
    [InlineData("drop table t", "DROP TABLE", "null", 0)]
    [InlineData("", "", "null", 0)]
    [InlineData("-- nothing", "", "null", 0)]
    public async Task An_answer_has_the_words_and_the_count_of_the_command_tag(string sql, string command, string count, int columns)
    {
        var account = await service.AccountOfAsync(nameof(StatementTests) + "tags");
        await Gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await service.QueryAsync(account, "create table if not exists tags (id int primary key, name text)");
            await service.QueryAsync(account, "create table if not exists t (id int)");
            await service.QueryAsync(account, "create table if not exists tagged as select * from tags");
            foreach (var clean in new[]
            {
                "delete from tags", "insert into tags values (1, 'a'), (2, 'b')", "drop table if exists tagged_too, empty_tagged",
                sql.StartsWith("create table tagged", StringComparison.Ordinal) ? "drop table tagged" : "select 1",
                sql.StartsWith("create table t ", StringComparison.Ordinal) ? "drop table t" : "select 1",
                sql.Contains("> 2", StringComparison.Ordinal) ? "insert into tags values (3, 'c'), (4, 'd')" : "select 1",
                sql.Contains("id = 5", StringComparison.Ordinal) ? "insert into tags values (5, 'e')" : "select 1",
            })
            {
                await service.QueryAsync(account, clean);
            }

            var answer = await service.QueryAsync(account, sql);

            Assert.Equal((command, count), (answer.GetProperty("command").GetString(), answer.GetProperty("row_count").GetRawText()));
            Assert.Equal(columns, answer.GetProperty("columns").GetArrayLength());
        }
        finally
        {
            Gate.Release();
        }
    }

    [Theory]
    [InlineData("copy pg_class to stdout")]
    [InlineData("COPY (select 1) TO STDOUT (format csv)")]
    [InlineData("copy kept from stdin")]
    [InlineData("/* c */ copy kept (id) from\nSTDIN with csv")]
    public async Task Copy_with_the_client_is_refused_and_the_lane_stays(string sql)
    {
        var account = await service.AccountOfAsync<StatementTests>();

        var reply = await service.TryQueryAsync(account, sql);
        var inside = await service.Client(account).PostAsync("/api/transaction", new { statements = new[] { new { sql = "select 1" }, new { sql } } });

        Assert.Equal((400, "sql_error", "0A000"), (reply.Status, reply.Code, reply.SqlState));
        Assert.Equal((400, 1), (inside.Status, inside.Json.GetProperty("statement_index").GetInt32()));
    }

    [Theory]
    [InlineData("copy (select 1) to '/tmp/file'")]
    [InlineData("copy (select 1) to program 'cat'")]
    public async Task Copy_with_files_and_programs_is_refused_by_PostgreSQL(string sql)
    {
        var reply = await service.TryQueryAsync(await service.AccountOfAsync<StatementTests>(), sql);

        Assert.Equal((403, "42501"), (reply.Status, reply.SqlState));
    }

    [Fact]
    public async Task A_procedure_and_a_block_may_commit()
    {
        var account = await service.AccountOfAsync<StatementTests>();
        await service.QueryAsync(account, "create table if not exists committed (id int)");
        await service.QueryAsync(account, """
            create or replace procedure fill(inout n int) language plpgsql as $$ begin
              insert into committed values (n); commit; insert into committed values (n + 1); rollback; n := n + 10;
            end $$
            """);

        var call = await service.QueryAsync(account, "call fill($1)", 1);
        await service.QueryAsync(account, "do $$ begin insert into committed values (5); commit; end $$");

        Assert.Equal(("CALL", "[11]"), (call.GetProperty("command").GetString(), call.GetProperty("rows")[0].GetRawText()));
        Assert.Equal("[1, 5]", (await service.ScalarAsync(account, "select jsonb_agg(id order by id) from committed")).GetRawText());
    }

    [Fact]
    public async Task Rows_without_a_column_and_columns_without_a_row_are_what_they_are()
    {
        var account = await service.AccountOfAsync<StatementTests>();

        var noColumn = await service.QueryAsync(account, "select from generate_series(1, 3)");
        var noRow = await service.QueryAsync(account, "select 1 as a where false");

        Assert.Equal(("[]", "[[],[],[]]"), (noColumn.GetProperty("columns").GetRawText(), noColumn.GetProperty("rows").GetRawText()));
        Assert.Equal(
            ("""[{"name":"a","type":"integer"}]""", "[]"), (noRow.GetProperty("columns").GetRawText(), noRow.GetProperty("rows").GetRawText()));
    }

    [Fact]
    public async Task Rows_are_objects_where_that_is_asked_for()
    {
        var account = await service.AccountOfAsync<StatementTests>();

        var reply = await service.Client(account).PostAsync("/api/query", new { sql = "select 1 as a, null as \"b\"\"c\", '{1}'::int[] as \"\u20ac\"", row_mode = "object" });

        Assert.Equal("""[{"a":1,"b\"c":null,"€":[1]}]""", reply.Ok().GetProperty("rows").GetRawText());
    }

    [Theory]
    [InlineData("insert into doubled values (1) returning id, id")]
    [InlineData("with w as (insert into doubled values (1) returning id) select id, id from w")]
    public async Task Two_columns_of_one_name_are_no_object_and_the_write_has_not_happened(string sql)
    {
        var account = await service.AccountOfAsync<StatementTests>();
        await service.QueryAsync(account, "create table if not exists doubled (id int)");

        var reply = await service.Client(account).PostAsync("/api/query", new { sql, row_mode = "object" });

        Assert.Equal((400, "duplicate_column"), (reply.Status, reply.Code));
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from doubled")).GetInt32());
    }

    [Fact]
    public async Task A_transaction_left_open_is_rolled_back_when_its_call_ends()
    {
        var account = await service.AccountOfAsync<StatementTests>();

        await service.QueryAsync(account, "begin");

        var state = await service.OpenSystemAsync();
        await using (state)
        {
            await Eventually.Async(
                async () => await service.SystemScalarAsync<long>("select count(*) from pg_stat_activity where datname = $1 and state like 'idle in%'", account) == 0,
                Promised.Within(seconds: 1),
                "no transaction is open");
        }
    }

    private static readonly SemaphoreSlim Gate = new(1, 1);
}
