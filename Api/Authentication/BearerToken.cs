using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Primitives;

namespace Kataven.Api.Authentication;

/// <summary>The bearer token of a request, or what is wrong with its header. Neither: none was sent.</summary>
/// <param name="Text">A part of the header's text: a copy for each request would be most of what one takes of memory.</param>
/// <param name="Fault">What is wrong, or null.</param>
internal readonly record struct BearerToken(ReadOnlyMemory<char> Text, string? Fault)
{
    public static BearerToken Read(StringValues authorization)
    {
        if (authorization.Count > 1)
        {
            return new(default, "The header Authorization is sent more than once.");
        }

        var value = authorization.ToString().AsMemory().Trim();
        var space = value.Span.IndexOf(' ');
        var scheme = space < 0 ? value : value[..space];
        if (!scheme.Span.Equals(JwtBearerDefaults.AuthenticationScheme, StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        var token = space < 0 ? default : value[space..].Trim();
        return token.Span switch
        {
            [] => new(default, "The bearer token is empty."),
            _ when token.Span.IndexOfAny(' ', ',', '\t') >= 0 => new(default, "The header Authorization carries more than one token."),
            _ => new(token, null),
        };
    }
}
