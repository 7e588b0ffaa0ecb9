using System.Text.Json.Nodes;
using Kataven.Cli.Accounts;

namespace Kataven.Cli.Isolation;

/// <summary>What an audit has found, and what follows from it.</summary>
internal sealed class Audited
{
    private readonly ServerReport _server;
    private readonly List<AuditRow> _rows;
    private readonly List<AccountReply> _checked;
    private readonly List<AccountReply> _unchecked;
    private readonly HashSet<string> _wrong;
    private readonly int _accounts;
    private readonly int _gone;

    /// <param name="server">The server's own report.</param>
    /// <param name="replies">Those of the accounts that were asked for.</param>
    /// <param name="accounts">How many there are.</param>
    public Audited(ServerReport server, IReadOnlyList<AccountReply> replies, int accounts)
    {
        _server = server;
        _accounts = accounts;
        _checked = [.. replies.Where(static reply => reply.Fault is null)];
        // Deleted since the list was read, or a row without a database: nothing to get into.
        _unchecked = [.. replies.Where(static reply => reply.Fault is { Code: not "account_not_found" })];
        _gone = replies.Count - _checked.Count - _unchecked.Count;
        _rows =
        [
            .. AuditRow.Of(server),
            .. _checked.SelectMany(reply => AuditRow.Of(reply.Account, AccountReport.Parse(reply.Answer), server)),
            .. _unchecked.Select(static reply => new AuditRow(AuditRow.Unchecked, reply.Account, reply.Fault!.Code, reply.Fault.Detail ?? "")),
        ];
        _wrong = [.. _rows.Where(static row => row is { Severity: AuditRow.Wrong, AccountId: not null }).Select(static row => row.AccountId!)];
    }

    private int NotAsked => _accounts - _checked.Count - _unchecked.Count - _gone;

    public string Summary =>
        $"PostgreSQL {_server.ServerVersion}, isolation version {_server.IsolationVersion}; accounts checked: {_checked.Count}, not sound: {_wrong.Count}, not checked: {_unchecked.Count + NotAsked}";

    /// <summary>What the server leaves open in every account is told once.</summary>
    public IEnumerable<AuditRow> Shown(bool all) => all
        ? _rows
        : _rows.Where(static row => row.Severity is AuditRow.Wrong or AuditRow.Unchecked || row is { Severity: AuditRow.Warning, AccountId: null });

    public JsonObject ToJson(JsonNode? serverAnswer, bool all) => new()
    {
        ["server"] = serverAnswer,
        ["accounts"] = new JsonArray([.. _checked.Where(reply => all || _wrong.Contains(reply.Account)).Select(static reply => JsonNode.Parse(reply.Answer))]),
        ["unchecked"] = new JsonArray([.. _unchecked.Select(static reply => new JsonObject
        {
            ["account_id"] = reply.Account,
            ["code"] = reply.Fault!.Code,
            ["detail"] = reply.Fault.Detail,
        })]),
        ["accounts_checked"] = _checked.Count,
        ["accounts_not_sound"] = _wrong.Count,
        ["accounts_not_checked"] = _unchecked.Count + NotAsked,
    };

    /// <summary>What was found weighs more than what could not be looked at.</summary>
    public int ExitCodeOf(bool strict) =>
        _rows.Exists(row => row.Severity == AuditRow.Wrong || (strict && row.Severity == AuditRow.Warning)) ? ExitCode.NotSound
        : _unchecked.Count > 0 ? _unchecked.Max(static reply => reply.Fault!.ExitCode)
        : ExitCode.Ok;
}
