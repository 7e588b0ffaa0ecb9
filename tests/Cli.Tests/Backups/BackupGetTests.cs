using System.Security.Cryptography;

namespace Kataven.Cli.Tests.Backups;

public sealed class BackupGetTests : IDisposable
{
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(300_000);
    private static readonly string Good = Convert.ToHexStringLower(SHA256.HashData(Content));

    private readonly string _folder = Directory.CreateTempSubdirectory("kataven-cli-").FullName;

    private string File => Path.Combine(_folder, "acme.dump");

    [Fact]
    public async Task The_content_goes_to_a_file_when_its_hash_is_the_backups()
    {
        await using var server = await StartAsync(Backup(Good));
        await System.IO.File.WriteAllTextAsync(File, "an older one", TestContext.Current.CancellationToken);

        var run = await CliRun.AgainstAsync(server, "backup", "get", "acme", "b-1", "--file", File, "--output", "table");

        Assert.Equal(new CliRun(0, $"b-1: written to {File}{Environment.NewLine}", ""), run);
        Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
        Assert.Equal([File], Directory.GetFiles(_folder));
        Assert.Equal(
            ["GET /api/admin/accounts/acme/backups/b-1", "GET /api/admin/accounts/acme/backups/b-1/content"],
            server.Received.Select(static r => r.Line));
    }

    [Fact]
    public async Task Another_hash_is_an_error_and_leaves_no_file()
    {
        await using var server = await StartAsync(Backup(new string('0', 64)));

        var run = await CliRun.AgainstAsync(server, "backup", "get", "acme", "b-1", "--file", File);

        Assert.Equal((3, ""), (run.ExitCode, run.Out));
        Assert.Contains($"its SHA-256 is {Good}, not 000", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Content_that_breaks_off_is_an_error_and_leaves_what_was_there()
    {
        await using var server = await StartAsync(Backup(Good), sent: 100_000);
        await System.IO.File.WriteAllTextAsync(File, "an older one", TestContext.Current.CancellationToken);

        var run = await CliRun.AgainstAsync(server, "backup", "get", "acme", "b-1", "--file", File);

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("The answer broke off", run.Error, StringComparison.Ordinal);
        Assert.Equal([File], Directory.GetFiles(_folder));
        Assert.Equal("an older one", await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_interruption_leaves_no_file()
    {
        using var interruption = new CancellationTokenSource();
        await using var server = await FrontDoorStub.StartAsync(async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/content", StringComparison.Ordinal))
            {
                await FrontDoorStub.WriteAsync(context, 200, Backup(Good));
                return;
            }

            await context.Response.Body.WriteAsync(Content.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await interruption.CancelAsync();
            var isGone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(isGone.SetResult);
            await isGone.Task;
        });

        var run = await CliRun.InterruptedAsync(server, static c => c, ["backup", "get", "acme", "b-1", "--file", File], interruption.Token);

        Assert.Equal(130, run.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_backup_that_is_not_complete_is_not_fetched()
    {
        await using var server = await StartAsync("""{"backup_id":"b-1","status":"running","sha256":null}""");

        var run = await CliRun.AgainstAsync(server, "backup", "get", "acme", "b-1", "--file", File);

        Assert.Equal((1, 1), (run.ExitCode, server.Received.Count));
        Assert.Contains("b-1 is running", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_file_in_memory_is_one()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm.");
        var file = $"/dev/shm/{Path.GetFileName(_folder)}";
        await using var server = await StartAsync(Backup(Good));
        try
        {
            Assert.Equal(0, (await CliRun.AgainstAsync(server, "backup", "get", "acme", "b-1", "--file", file)).ExitCode);
            Assert.Equal(Content, await System.IO.File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    [Theory]
    [InlineData("no/such/folder/x")]
    [InlineData(".")]
    [InlineData("/dev/null")]
    public async Task A_file_that_cannot_be_written_is_wrong_usage(string path)
    {
        await using var server = await StartAsync(Backup(Good));

        var run = await CliRun.AgainstAsync(server, "backup", "get", "acme", "b-1", "--file", Path.Combine(_folder, path));

        Assert.Equal((2, 0), (run.ExitCode, server.Received.Count));
        Assert.StartsWith("--file: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public async Task The_content_goes_to_a_pipe_and_another_hash_is_an_error_afterwards(bool isGood, int exitCode)
    {
        using var pipe = new MemoryStream();
        await using var server = await StartAsync(Backup(isGood ? Good : new string('0', 64)));

        var run = await CliRun.WithAsync(server, c => c with { OutBytes = pipe }, "backup", "get", "acme", "b-1");

        Assert.Equal((exitCode, ""), (run.ExitCode, run.Out));
        Assert.Equal(Content, pipe.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, "--output", "json")]
    public async Task A_terminal_or_a_form_that_is_named_gets_the_backup_and_not_its_content(bool isTerminal, params string[] options)
    {
        using var output = new MemoryStream();
        await using var server = await StartAsync(Backup(Good));

        var run = await CliRun.WithAsync(
            server, c => c with { OutBytes = output, OutIsTerminal = isTerminal, Width = 200 }, ["backup", "get", "acme", "b-1", .. options]);

        Assert.Contains(Good, run.Out, StringComparison.Ordinal);
        Assert.Equal((0, 0L), (run.ExitCode, output.Length));
        Assert.Single(server.Received);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Backup(string hash) =>
        $$"""{"backup_id":"b-1","status":"complete","bytes":300000,"sha256":"{{hash}}"}""";

    private static Task<FrontDoorStub> StartAsync(string backup, int? sent = null) => FrontDoorStub.StartAsync(async context =>
    {
        if (!context.Request.Path.Value!.EndsWith("/content", StringComparison.Ordinal))
        {
            await FrontDoorStub.WriteAsync(context, 200, backup);
            return;
        }

        await context.Response.Body.WriteAsync(Content.AsMemory(0, sent ?? Content.Length));
        await context.Response.Body.FlushAsync();
        if (sent is not null)
            context.Abort();
    });
}
