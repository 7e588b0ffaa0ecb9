using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Kataven.Cli.Arguments;

/// <summary>
/// An account's slug. Its form is checked here, since it becomes part of a path and of a header; whether there is
/// such an account is the server's to say.
/// </summary>
internal static partial class AccountArgument
{
    public static Argument<string> Create(string name = "ACCOUNT", string description = "The account's slug")
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(static result => CheckEach(result, result.Tokens));
        return argument;
    }

    /// <summary>Any number of them, also none.</summary>
    public static Argument<string[]> CreateMany(string name = "ACCOUNT")
    {
        var argument = new Argument<string[]>(name) { Description = "The accounts' slugs", Arity = ArgumentArity.ZeroOrMore };
        argument.Validators.Add(static result => CheckEach(result, result.Tokens));
        return argument;
    }

    public static Option<string?> CreateOption(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "SLUG" };
        option.Validators.Add(static result => CheckEach(result, result.Tokens));
        return option;
    }

    public static Option<string[]> CreateOptionOfMany(string name, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = "SLUG" };
        option.Validators.Add(static result => CheckEach(result, result.Tokens));
        return option;
    }

    public static bool IsSlug(string text) => Slug().IsMatch(text);

    private static void CheckEach(SymbolResult result, IReadOnlyList<Token> tokens)
    {
        foreach (var token in tokens)
        {
            if (!IsSlug(token.Value))
                result.AddError($"'{token.Value}' is no account: a slug has 1 to 63 of a-z, 0-9, '_' and '-', and begins with a letter or digit.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,62}\z")]
    private static partial Regex Slug();
}
