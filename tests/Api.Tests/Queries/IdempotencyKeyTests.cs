using Kataven.Api.Errors;
using Kataven.Api.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Kataven.Api.Tests.Queries;

public sealed class IdempotencyKeyTests
{
    /// <summary>Kestrel gives bytes of a header as the characters of the same number.</summary>
    [Fact]
    public void Of_all_characters_the_printable_ones_of_ASCII_make_a_key()
    {
        for (var c = (char)0; c <= 0x2ff; c++)
        {
            foreach (var text in new[] { $"{c}", $"a{c}", $"{c}a", $"a{c}a" })
            {
                if (c is >= ' ' and <= '~')
                {
                    Assert.Equal(text, IdempotencyKey.Read(Headers(text)));
                }
                else
                {
                    Assert.Contains("Idempotency-Key", Assert.Throws<RequestFault>(() => IdempotencyKey.Read(Headers(text))).Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Up_to_255_of_them_do()
    {
        for (var length = 0; length <= 260; length++)
        {
            Assert.Equal(length is >= 1 and <= 255, Record.Exception(() => IdempotencyKey.Read(Headers(new string('k', length)))) is null);
        }
    }

    [Fact]
    public void None_is_none_and_two_are_refused()
    {
        Assert.Null(IdempotencyKey.Read(Headers()));
        Assert.Throws<RequestFault>(() => IdempotencyKey.Read(Headers("a", "a")));
    }

    private static HeaderDictionary Headers(params string[] keys) => keys.Length == 0 ? [] : new() { ["idempotency-key"] = new StringValues(keys) };
}
