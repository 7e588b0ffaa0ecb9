namespace Kataven.Cli.Accounts;

/// <summary>What came of a call for one account: an answer, or a fault.</summary>
internal sealed record AccountReply(string Account, string Answer, AccountFault? Fault);
