using System.Text;
using Microsoft.AspNetCore.Http;

namespace Kataven.Cli.Tests.Queries;

public sealed class SqlStreamTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("csv", "text/csv", "id\r\n1\r\n", "2\r\n")]
    [InlineData("ndjson", "application/x-ndjson", "{\"columns\":[]}\n[1]\n", "{\"command\":\"SELECT\",\"row_count\":1}\n")]
    public async Task A_stream_is_written_as_it_comes(string form, string accept, string first, string second)
    {
        var written = new TaskCompletionSource();
        await using var server = await FrontDoorStub.StartAsync(async context =>
        {
            await context.Response.WriteAsync(first, Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
            // Nothing more comes before the first part has been seen on the other side.
            await written.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
            await context.Response.WriteAsync(second, Cancelled);
        });
        using var output = new WatchedWriter(text => text == first, written);

        var run = await CliRun.WithAsync(server, c => c with { Out = output }, "sql", "acme", "select 1", "--output", form);

        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(accept, Assert.Single(server.Received).Accept);
        Assert.Equal(first + second, output.ToString());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task A_stream_that_breaks_off_is_3(string form)
    {
        var written = new TaskCompletionSource();
        await using var server = await FrontDoorStub.StartAsync(async context =>
        {
            await context.Response.WriteAsync("[1]\n", Cancelled);
            await context.Response.Body.FlushAsync(Cancelled);
            await written.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
            context.Abort();
        });
        using var output = new WatchedWriter(static text => text == "[1]\n", written);

        var run = await CliRun.WithAsync(server, c => c with { Out = output }, "sql", "acme", "select 1", "--output", form);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("broke off", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"columns\":[]}\n[1]\n")]
    [InlineData("{\"columns\":[]}\n")]
    [InlineData("")]
    public async Task Lines_without_the_last_one_are_not_a_whole_answer(string lines)
    {
        await using var server = await FrontDoorStub.StartAsync(200, lines, "application/x-ndjson");

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1", "--output", "ndjson");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal(lines, run.Out);
    }

    [Fact]
    public async Task An_error_in_the_last_line_counts_although_the_status_was_200()
    {
        await using var server = await FrontDoorStub.StartAsync(
            200,
            """
            {"columns":[{"name":"x","type":"integer"}]}
            [1]
            {"error":{"status":400,"code":"sql_error","sql_state":"22012","message":"division by zero"}}

            """,
            "application/x-ndjson");

        var run = await CliRun.AgainstAsync(server, "sql", "acme", "select 1", "--output", "ndjson");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("sql_error: division by zero (SQLSTATE 22012)" + Environment.NewLine, run.Error);
    }

    [Fact]
    public async Task An_interruption_cancels_the_request_and_is_130()
    {
        var seen = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var server = await FrontDoorStub.StartAsync(async context =>
        {
            context.RequestAborted.Register(gone.SetResult);
            seen.SetResult();
            await gone.Task;
        });
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var stderr = new StringWriter();
        var console = new CliConsole(TextReader.Null, TextWriter.Null, stderr) { Variable = CliRun.Variables(server.Address) };

        var run = CliApp.RunAsync(["sql", "acme", "select pg_sleep(9)"], console, interruption.Token);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        await interruption.CancelAsync();

        Assert.Equal(130, await run);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancelled);
        Assert.Equal("", stderr.ToString());
    }

    /// <summary>Tells when what was written so far is what was waited for.</summary>
    private sealed class WatchedWriter(Predicate<string> isReached, TaskCompletionSource reached) : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override async Task WriteAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            if (isReached(ToString()))
                reached.TrySetResult();
        }
    }
}
