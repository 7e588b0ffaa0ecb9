using System.CommandLine;
using System.Text.RegularExpressions;

namespace Kataven.Cli.Arguments;

/// <summary>An id that the server gave. It becomes part of a path, so nothing in it may lead elsewhere.</summary>
internal static partial class IdArgument
{
    public static Argument<string> Create(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
            {
                if (!IsId(token.Value))
                    result.AddError($"'{token.Value}' is no id: it has 1 to 128 letters, digits, '_', '-' and '.', and begins with none of the last two.");
            }
        });
        return argument;
    }

    public static bool IsId(string text) => Id().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\z")]
    private static partial Regex Id();
}
