using Kataven.Grains.Backups;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tests.Backups;

public sealed class PgToolsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("15.9", null, 14)]
    [InlineData("15.9", null, 16)]
    [InlineData("16beta1", "15.2", 16)]
    public async Task Programs_of_another_version_are_not_taken_and_the_message_says_what_to_do(string version, string? restoreVersion, int server)
    {
        using var folder = new TemporaryFolder();
        FakeTools.Make(folder.Path, version, restoreVersion: restoreVersion);

        var refused = await Assert.ThrowsAsync<PgToolException>(() => Of(folder.Path).FindAsync(server, Cancellation));

        Assert.Contains($"postgresql-client-{server}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Kataven:Backups:ToolsDirectory", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{folder.Path} has version", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_found_is_remembered()
    {
        using var folder = new TemporaryFolder();
        FakeTools.Make(folder.Path, "18beta1");
        var tools = Of(folder.Path);
        var found = await tools.FindAsync(18, Cancellation);
        File.Delete(found.Dump);

        Assert.Same(found, await tools.FindAsync(18, Cancellation));
    }

    [Fact]
    public async Task A_folder_without_them_is_told()
    {
        using var folder = new TemporaryFolder();
        var refused = await Assert.ThrowsAsync<PgToolException>(() => Of(folder.Path).FindAsync(15, Cancellation));
        Assert.Contains("none of any version", refused.Message, StringComparison.Ordinal);
    }

    private static PgTools Of(string folder) => new(Options.Create(new BackupOptions { ToolsDirectory = folder }));
}
