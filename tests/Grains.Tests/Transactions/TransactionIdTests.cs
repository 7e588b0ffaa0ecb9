using Kataven.Accounts;
using Kataven.Transactions;

namespace Kataven.Grains.Tests.Transactions;

public sealed class TransactionIdTests
{
    private static readonly AccountId Acme = AccountId.Parse("acme");

    [Fact]
    public void An_id_is_read_back_for_its_account_and_for_no_other()
    {
        foreach (var account in new[] { Acme, AccountId.Parse("a"), AccountId.Parse(new string('z', AccountId.MaxLength)) })
        {
            var id = TransactionId.New(account);

            Assert.Equal(TransactionId.Length, id.Value.Length);
            Assert.True(TransactionId.TryParse(id.Value, account, out var read));
            Assert.Equal(id, read);
            Assert.False(TransactionId.TryParse(id.Value, AccountId.Parse("globex"), out _));
        }
    }

    [Fact]
    public void No_two_are_alike() =>
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => TransactionId.New(Acme)).Distinct().Count());

    [Fact]
    public void Each_of_its_characters_counts()
    {
        var id = TransactionId.New(Acme).Value;
        for (var i = 0; i < id.Length; i++)
        {
            Assert.False(TransactionId.TryParse($"{id[..i]}{(id[i] == 'A' ? 'B' : 'A')}{id[(i + 1)..]}", Acme, out _), $"at {i}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+/")]
    [InlineData("ÄAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Anything_else_is_none(string? text) => Assert.False(TransactionId.TryParse(text, Acme, out _));

    [Fact]
    public void White_space_inside_or_around_makes_it_another_text()
    {
        var id = TransactionId.New(Acme).Value;

        Assert.All(new[] { id + " ", " " + id, id + "\n", id[..8] + " " + id[8..], id[..31] + "\n" }, text => Assert.False(TransactionId.TryParse(text, Acme, out _)));
    }
}
