using Kataven.Accounts;
using Kataven.Api.Tenancy;
using Microsoft.Extensions.Primitives;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Tenancy;

public sealed class AccountHeaderTests
{
    [Fact]
    public void Not_sent_says_nothing() => Assert.Equal(AccountVerdict.Silent, AccountHeader.Read(StringValues.Empty));

    [Theory]
    [InlineData("acme")]
    [InlineData("0-_")]
    [InlineData("kataven-admin")]
    public void A_slug_is_an_account(string slug) =>
        Assert.Equal(AccountVerdict.Of(AccountId.Parse(slug)), AccountHeader.Read(slug));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Acme")]
    [InlineData("_acme")]
    [InlineData("acme,globex")]
    [InlineData("acme\n")]
    [InlineData("acmé")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void Anything_else_is_invalid(string value) =>
        Assert.Equal(ErrorCode.InvalidAccount, AccountHeader.Read(value).Refusal?.Code);

    [Fact]
    public void Twice_is_invalid_whatever_it_says() =>
        Assert.Equal(ErrorCode.InvalidAccount, AccountHeader.Read(new StringValues(["acme", "acme"])).Refusal?.Code);
}
