using System.Text;
using Kataven.Grains.Queries.Text;
using Npgsql;

namespace Kataven.Grains.Tests.Queries.Text;

public sealed class CommandTagTests(CommandTagServer server) : IClassFixture<CommandTagServer>
{
    [Fact]
    public async Task Every_statement_has_the_tag_that_the_server_gives()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var recorder = new CommandTagRecorder(database.ConnectionString);
        await using var connection = new NpgsqlConnection(recorder.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var (wrong, failed) = (new StringBuilder(), new StringBuilder());
        foreach (var sql in CommandTagStatements.All)
        {
            recorder.Tags.Clear();
            try
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }
            catch (PostgresException refused)
            {
                failed.AppendLine($"{sql}: {refused.MessageText}");
                continue;
            }
            var tag = string.Join(' ', recorder.Tags.Last().Split(' ').Where(word => !char.IsAsciiDigit(word[0])));
            if (CommandTag.For(sql) != tag)
                wrong.AppendLine($"{sql}: {CommandTag.For(sql)}, not {tag}");
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(failed.Length == 0, failed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- create table t (a int)")]
    [InlineData("/* drop table t */ ;")]
    public void A_text_without_a_statement_has_no_tag(string sql) => Assert.Equal("", CommandTag.For(sql));

    [Theory]
    [InlineData(";; create table t (a int)", "CREATE TABLE")]
    [InlineData("create", "CREATE")]
    [InlineData("drop 'x'", "DROP")]
    [InlineData("discard", "DISCARD")]
    [InlineData("create language x", "CREATE EXTENSION")]
    [InlineData("import foreign schema s from server x into y", "IMPORT FOREIGN SCHEMA")]
    [InlineData("security label on table t is 'x'", "SECURITY LABEL")]
    [InlineData("with", "SELECT")]
    public void A_statement_that_cannot_run_has_a_tag_too(string sql, string tag) => Assert.Equal(tag, CommandTag.For(sql));
}
