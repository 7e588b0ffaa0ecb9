using Kataven.Grains.Backups;
using Kataven.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Backups;

public sealed class FolderStoreTests : StoreSuite, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public FolderStoreTests() => Store = Of(Path.Combine(_folder.Path, "below", "it"));

    private protected override IBackupStore Store { get; }

    [Fact]
    public async Task Only_the_service_reads_what_it_wrote()
    {
        var name = NewName();
        await WriteAsync(name, Bytes(10));

        var file = Path.Combine(_folder.Path, "below", "it", name.Folder, name.File);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (var folder in (string[])[Path.GetDirectoryName(file)!, Path.Combine(_folder.Path, "below", "it")])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_leads_out_of_it_is_not_followed(bool isFolder)
    {
        var (name, root, secret) = (NewName(), Path.Combine(_folder.Path, "below", "it"), Path.Combine(_folder.Path, "secret"));
        Directory.CreateDirectory(secret);
        await File.WriteAllTextAsync(Path.Combine(secret, name.File), "mine", Cancellation);
        Directory.CreateDirectory(root);
        if (isFolder)
        {
            Directory.CreateSymbolicLink(Path.Combine(root, name.Folder), secret);
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(root, name.Folder));
            File.CreateSymbolicLink(Path.Combine(root, name.Folder, name.File), Path.Combine(secret, name.File));
        }

        await Assert.ThrowsAsync<BackupStoreException>(() => Store.OpenUncheckedAsync(name, Cancellation));
        await Assert.ThrowsAsync<BackupStoreException>(() => WriteAsync(name, Bytes(10)));
        await Assert.ThrowsAsync<BackupStoreException>(() => Store.DeleteAsync(name, Cancellation));
        Assert.Empty(await ListAsync());
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(secret, name.File), Cancellation));
    }

    [Fact]
    public async Task A_disk_without_space_is_told_with_the_setting_and_nothing_is_left()
    {
        var folder = Path.Combine(_folder.Path, "small");
        using var disk = SmallDisk.TryMount(folder, megabytes: 1);
        Assert.SkipWhen(disk is null, SmallDisk.Unavailable);

        var store = Of(folder);
        var refused = await Assert.ThrowsAsync<BackupStoreException>(() => store.WriteAsync(
            NewName(), (stream, cancellation) => stream.WriteAsync(Bytes(4 * 1024 * 1024), cancellation).AsTask(), Cancellation));

        Assert.Contains("no space", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Kataven:Backups:Directory", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_a_killed_writer_left_is_removed_once_it_is_old()
    {
        var name = NewName();
        await WriteAsync(name, Bytes(10));
        var left = Path.Combine(_folder.Path, "below", "it", name.Folder, $"{name.File}.{Guid.NewGuid():N}.unfinished");
        await File.WriteAllTextAsync(left, "half", Cancellation);

        Assert.Equal(0, await Store.RemoveUnfinishedAsync(TimeSpan.FromHours(1), Cancellation));
        Assert.True(File.Exists(left));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await Store.RemoveUnfinishedAsync(TimeSpan.FromHours(1), Cancellation));
        Assert.False(File.Exists(left));
        Assert.Equal(name, Assert.Single(await ListAsync()).Name);
    }

    [Fact]
    public async Task Files_that_are_no_backups_are_not_listed()
    {
        var name = NewName();
        await WriteAsync(name, Bytes(10));
        var folder = Path.Combine(_folder.Path, "below", "it", name.Folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, name.File.ToUpperInvariant()), "", Cancellation);

        Assert.Equal(name, Assert.Single(await ListAsync()).Name);
    }

    public void Dispose() => _folder.Dispose();

    protected override Task AssertNothingOfAsync(string text)
    {
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), file => file.Contains(text, StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    private FolderStore Of(string directory) => new(Options.Create(new BackupOptions { Directory = directory }), _time);
}
