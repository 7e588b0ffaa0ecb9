using System.CommandLine;
using Kataven.Cli.Accounts;
using Kataven.Cli.Arguments;
using Kataven.Cli.Http;

namespace Kataven.Cli.Isolation;

/// <summary>The accounts that a command is for: those that it names, or with <c>--all</c> every active one.</summary>
internal sealed class AccountSelection
{
    private readonly Argument<string[]> _accounts = AccountArgument.CreateMany();
    private readonly Option<bool> _all = new("--all") { Description = "Every active account" };

    public void AddTo(Command command)
    {
        command.Add(_accounts);
        command.Add(_all);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_all) == (result.GetValue(_accounts) is { Length: > 0 }))
                result.AddError("Name the accounts, or say --all.");
        });
    }

    public async Task<IReadOnlyList<string>> ReadAsync(ParseResult parsed, KatavenClient client, CancellationToken cancellationToken) =>
        parsed.GetValue(_all)
            ? await ActiveAsync(client, cancellationToken)
            : [.. parsed.GetRequiredValue(_accounts).Distinct()];

    public static async Task<IReadOnlyList<string>> ActiveAsync(KatavenClient client, CancellationToken cancellationToken)
    {
        var accounts = await new AccountPages(client).ReadAllAsync(new AccountFilter(Status: "active"), after: null, limit: null, cancellationToken);
        return [.. accounts.Select(AccountPages.SlugOf)];
    }
}
