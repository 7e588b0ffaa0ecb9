using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kataven.Api.Errors;

namespace Kataven.Api.Queries;

/// <summary>Walks over an object's members, and takes each name once.</summary>
internal struct MemberNames(string path)
{
    private List<string>? _seen;

    /// <summary>Moves to the next member's value; false at the end of the object.</summary>
    public bool TryReadNext(ref Utf8JsonReader json, [NotNullWhen(true)] out string? member)
    {
        member = null;
        if (!json.Read() || json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        member = json.GetString()!;
        _seen ??= [];
        if (_seen.Contains(member))
        {
            throw new RequestFault($"{path}{member} is there twice.");
        }

        _seen.Add(member);
        json.Read();
        return true;
    }
}
