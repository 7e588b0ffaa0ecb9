using Kataven.Cli.Accounts;
using Kataven.Cli.Http;
using Kataven.Cli.Output;

namespace Kataven.Cli.Migrations;

/// <summary>
/// Migrates named accounts one after the other. A script that fails in one will fail in the next too as a rule, so
/// it ends with the first failure unless more are allowed.
/// </summary>
internal sealed class NamedRun(KatavenClient client, TextWriter error)
{
    public async Task<int> RunAsync(
        string[] accounts, long? target, int maxFailures, AnswerWriter writer, CancellationToken cancellationToken)
    {
        var rows = new List<MigratedRow>();
        var faults = new List<AccountFault>();
        foreach (var account in accounts)
        {
            var (row, fault) = await MigrateAsync(account, target, cancellationToken);
            rows.Add(row);
            if (fault is null)
                continue;

            faults.Add(fault);
            if (faults.Count > maxFailures || fault.IsOfCaller)
                break;
        }

        if (rows.Count < accounts.Length)
            error.WriteLine($"Given up: {accounts.Length - rows.Count} more were not asked for.");

        writer.WriteMade("accounts", [.. rows.Select(static row => row.ToJson())]);
        return faults.Select(static fault => fault.ExitCode).DefaultIfEmpty(ExitCode.Ok).Max();
    }

    private async Task<(MigratedRow Row, AccountFault? Fault)> MigrateAsync(string account, long? target, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.AdminTextAsync(
                HttpMethod.Post, $"/accounts/{account}/migrations", MigrateRunCommand.Body(target), cancellationToken);
            return (MigratedRow.Of(account, AppliedMigrations.Parse(answer)), null);
        }
        catch (Refusal refusal)
        {
            List<string> lines = [.. ProblemText.Of(refusal.Problem, statement: null)];
            return (Failed(account, lines), AccountFault.Of(refusal.Problem));
        }
        catch (CliFailure failure) when (failure.ExitCode == ExitCode.Unavailable)
        {
            return (Failed(account, [failure.Message]), AccountFault.Of(failure));
        }
    }

    private MigratedRow Failed(string account, List<string> lines)
    {
        foreach (var line in lines)
            error.WriteLine(TerminalText.Lines($"{account}: {line}"));

        return MigratedRow.Failed(account, lines[0]);
    }
}
