using System.Diagnostics.CodeAnalysis;

namespace Kataven.Accounts;

/// <summary>
/// The slug of an account: its id, and the name of its database. It is parsed once, where it enters, so that
/// whoever holds an <see cref="AccountId"/> need not look at its spelling again.
/// </summary>
/// <remarks>A slug matches <c>^[a-z0-9][a-z0-9_-]{0,62}$</c>, the whole string: 63 bytes are what PostgreSQL keeps of a name.</remarks>
[GenerateSerializer, Immutable, Alias("kataven.AccountId")]
public readonly record struct AccountId
{
    public const int MaxLength = 63;

    /// <summary>The account of those who operate the service. It owns no database.</summary>
    public static readonly AccountId Administration = new("kataven-admin");

    [Id(0)]
    private readonly string? _value;

    private AccountId(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An AccountId is made by TryParse.");

    /// <summary>True for a well-formed slug that is never an account, whatever the table says.</summary>
    public bool IsReserved => Value is "kataven-admin" or "postgres" or "system" or "template0" or "template1";

    public static bool TryParse([NotNullWhen(true)] string? text, out AccountId id)
    {
        id = default;
        if (text is not { Length: > 0 and <= MaxLength } || text[0] is '_' or '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '-'))
            {
                return false;
            }
        }

        id = new AccountId(text);
        return true;
    }

    /// <exception cref="FormatException">The text is no slug: it comes from a place that had checked it.</exception>
    public static AccountId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("Not a well-formed account slug.");

    public override string ToString() => _value ?? "";
}
