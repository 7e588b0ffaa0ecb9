using System.Text.Json.Nodes;
using Kataven.Cli.Http;
using Kataven.Cli.Output;

namespace Kataven.Cli.Accounts;

/// <summary>
/// The same call for many accounts. It goes on when one fails, and says so on standard error at once; it ends where
/// the others would fail alike.
/// </summary>
internal sealed class AccountWalk(KatavenClient client, TextWriter error, int atOnce = 1)
{
    private const int UnreachableInARow = 3;

    /// <param name="accounts">In this order; the replies have it too.</param>
    /// <param name="method">The call's.</param>
    /// <param name="resource">Below the account's own path.</param>
    /// <param name="cancellationToken">Ends the whole walk.</param>
    /// <param name="body">What each is sent.</param>
    public async Task<List<AccountReply>> RunAsync(
        IReadOnlyList<string> accounts, HttpMethod method, string resource, CancellationToken cancellationToken, Func<JsonNode>? body = null)
    {
        var replies = new List<AccountReply>();
        foreach (var some in accounts.Chunk(atOnce))
        {
            replies.AddRange(await Task.WhenAll(some.Select(account => AskAsync(account, method, resource, body?.Invoke(), cancellationToken))));
            foreach (var reply in replies.TakeLast(some.Length))
                Tell(reply);

            if (accounts.Count > replies.Count && IsUseless(replies))
            {
                error.WriteLine($"Given up: {accounts.Count - replies.Count} more were not asked for.");
                break;
            }
        }

        return replies;
    }

    private async Task<AccountReply> AskAsync(
        string account, HttpMethod method, string resource, JsonNode? body, CancellationToken cancellationToken)
    {
        try
        {
            return new AccountReply(
                account, await client.AdminTextAsync(method, $"/accounts/{account}{resource}", body, cancellationToken), Fault: null);
        }
        catch (Refusal refusal)
        {
            return new AccountReply(account, "", AccountFault.Of(refusal.Problem));
        }
        catch (CliFailure failure) when (failure.ExitCode == ExitCode.Unavailable)
        {
            return new AccountReply(account, "", AccountFault.Of(failure));
        }
    }

    private void Tell(AccountReply reply)
    {
        if (reply.Fault is { } fault)
            error.WriteLine(TerminalText.Lines($"{reply.Account}: {fault}"));
    }

    private static bool IsUseless(List<AccountReply> replies) =>
        replies[^1].Fault is { IsOfCaller: true }
        || (replies.Count >= UnreachableInARow && replies.TakeLast(UnreachableInARow).All(static reply => reply.Fault is { IsUnreachable: true }));
}
