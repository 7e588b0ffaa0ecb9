using System.Globalization;
using Kataven.Accounts;
using Kataven.Api.Errors;

namespace Kataven.Api.Queries;

/// <summary>Reads the parameters behind a path's <c>?</c>. One that is empty is not there; those that nobody asks for are passed over.</summary>
internal readonly struct QueryParameters(IQueryCollection query)
{
    private const int LongestText = 1_000;

    public string? Text(string name)
    {
        var values = query[name];
        if (values.Count > 1)
        {
            throw new RequestFault($"{name} is there twice.");
        }

        var text = values.Count == 1 ? values[0] : null;
        if (text is { Length: > LongestText } || text?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new RequestFault($"{name} has to be at most {LongestText} characters, none of them NUL.");
        }

        return string.IsNullOrEmpty(text) ? null : text;
    }

    public long? Number(string name, long minimum, long maximum)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new RequestFault($"{name} has to be a whole number from {minimum} to {maximum}.");
    }

    public bool? Boolean(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new RequestFault($"{name} has to be true or false."),
    };

    public AccountId? Account(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return AccountId.TryParse(text, out var account) ? account : throw new RequestFault($"{name} has to be an account's slug.");
    }
}
