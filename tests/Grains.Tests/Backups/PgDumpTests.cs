using System.Diagnostics;
using System.Globalization;
using Kataven.Grains.Backups;
using Kataven.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kataven.Grains.Tests.Backups;

/// <summary>A program that fails, or does not end, in place of the real one.</summary>
public sealed class PgDumpTests : IDisposable
{
    private static readonly NpgsqlConnectionStringBuilder Login = new("Host=db.example;Port=6000;Username=me;Password=hidden;Database=it;SSL Mode=VerifyFull;Root Certificate=/ca");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_that_fails_after_it_wrote_leaves_no_backup_and_says_why_without_data()
    {
        var refused = await Assert.ThrowsAsync<PgToolException>(() => DumpAsync(
            "head -c 300000 /dev/zero; echo 'pg_dump: error: query failed: ERROR:  no' >&2; echo 'pg_dump: detail: Query was: secret' >&2; exit 1", Cancellation));

        Assert.Equal("pg_dump: error: query failed: ERROR:  no", refused.Message);
        Assert.Contains("secret", refused.Output, StringComparison.Ordinal);
        Assert.Empty(Stored());
    }

    [Fact]
    public async Task Only_the_end_of_what_a_program_says_is_kept()
    {
        var refused = await Assert.ThrowsAsync<PgToolException>(() => DumpAsync("for i in $(seq 1 3000); do echo \"line $i\" >&2; done; exit 3", Cancellation));

        Assert.Equal("pg_dump ended with 3.", refused.Message);
        Assert.EndsWith("line 2999\nline 3000\n", refused.Output, StringComparison.Ordinal);
        Assert.Equal(4096, refused.Output.Length);
    }

    [Fact]
    public async Task A_program_that_is_cancelled_ends_with_all_that_it_started_and_leaves_no_backup()
    {
        var pids = Path.Combine(_folder.Path, "pids");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var dump = DumpAsync($"sleep 1000 & echo $! > {pids}.new; echo $$ >> {pids}.new; mv {pids}.new {pids}; echo begun; wait", cancel.Token);
        await Eventually.Async(() => File.Exists(pids), TimeSpan.FromSeconds(20), "the program runs");
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dump);
        Assert.Empty(Stored());
        foreach (var pid in await File.ReadAllLinesAsync(pids, Cancellation))
        {
            await Eventually.Async(() => !IsAlive(int.Parse(pid, CultureInfo.InvariantCulture)), TimeSpan.FromSeconds(10), "it has ended");
        }
    }

    [Fact]
    public async Task The_password_is_in_the_environment_and_nothing_else_of_ours_is()
    {
        Environment.SetEnvironmentVariable("PGSERVICE", "somebodys");
        try
        {
            await DumpAsync("echo \"$@\"; env", Cancellation);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGSERVICE", null);
        }

        var said = await File.ReadAllLinesAsync(Assert.Single(Stored()), Cancellation);
        Assert.Contains("--snapshot=it-is", said[0], StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", said[0], StringComparison.Ordinal);
        foreach (var variable in (string[])["PGHOST=db.example", "PGPORT=6000", "PGUSER=me", "PGPASSWORD=hidden", "PGDATABASE=it", "PGSSLMODE=verify-full", "PGSSLROOTCERT=/ca", "PGPASSFILE=/dev/null", "LC_ALL=C"])
        {
            Assert.Contains(variable, said);
        }

        Assert.DoesNotContain(said, line => line.StartsWith("PGSERVICE=", StringComparison.Ordinal) || line.StartsWith("USER=", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private async Task DumpAsync(string script, CancellationToken cancellation)
    {
        FakeTools.Make(_folder.Path, "15.1", script);
        var store = new FolderStore(Options.Create(new BackupOptions { Directory = Path.Combine(_folder.Path, "store") }), TimeProvider.System);
        await store.WriteAsync(
            new BackupName(Guid.NewGuid(), Guid.NewGuid()),
            (target, token) => PgDump.RunAsync(new PgToolset(_folder.Path), Login, "it-is", DumpPurpose.Backup, new Pace(null, TimeProvider.System), target, null, token),
            cancellation);
    }

    private string[] Stored() =>
        Directory.Exists(Path.Combine(_folder.Path, "store")) ? Directory.GetFiles(Path.Combine(_folder.Path, "store"), "*", SearchOption.AllDirectories) : [];

    private static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
