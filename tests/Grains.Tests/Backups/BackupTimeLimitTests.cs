using Kataven.Grains.Backups;

namespace Kataven.Grains.Tests.Backups;

public sealed class BackupTimeLimitTests
{
    private const long TiB = 1L << 40;

    private static readonly BackupOptions Options = new();

    [Fact]
    public void What_goes_as_fast_as_it_can_has_the_limit() => Assert.Equal(Options.TimeLimit, BackupArchive.Longest(Options, pacedBytes: 0));

    [Fact]
    public void What_is_slowed_down_has_as_long_as_that_takes_besides()
    {
        var looked = TiB / (4.0 * Options.MaxRestoreRate);
        var restored = TiB / (double)Options.MaxRestoreRate;

        Assert.Equal(TimeSpan.FromSeconds(looked + restored), BackupArchive.Longest(Options, TiB) - Options.TimeLimit);
    }

    [Fact]
    public void No_database_is_too_large_for_a_timer()
    {
        using var timer = new CancellationTokenSource(BackupArchive.Longest(new BackupOptions { MaxRestoreRate = 1 << 20 }, 1000.0 * TiB));

        Assert.False(timer.IsCancellationRequested);
    }
}
