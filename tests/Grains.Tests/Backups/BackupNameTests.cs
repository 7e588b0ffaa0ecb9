using Kataven.Grains.Backups;

namespace Kataven.Grains.Tests.Backups;

public sealed class BackupNameTests
{
    [Fact]
    public void A_name_is_read_as_it_is_written()
    {
        var name = new BackupName(Guid.NewGuid(), Guid.NewGuid());
        Assert.True(BackupName.TryParse(name.ToString(), out var read));
        Assert.Equal(name, read);
        Assert.Matches("^[0-9a-f]{32}/[0-9a-f]{32}[.]dump$", name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("../0123456789abcdef0123456789abcdef.dump")]
    [InlineData("0123456789abcdef0123456789abcdef/../0123456789abcdef0123456789abcdef.dump")]
    [InlineData("0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789ABCDEF0123456789abcdef/0123456789abcdef0123456789abcdef.dump")]
    [InlineData("0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcde .dump")]
    [InlineData("/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef.dump")]
    public void Anything_else_is_no_name(string? text) => Assert.False(BackupName.TryParse(text, out _));
}
