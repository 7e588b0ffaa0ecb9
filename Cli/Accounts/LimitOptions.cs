using System.CommandLine;
using System.Text.Json.Nodes;
using Kataven.Cli.Arguments;

namespace Kataven.Cli.Accounts;

/// <summary>An account's limits; what is not given keeps the server's default.</summary>
internal sealed class LimitOptions
{
    private readonly Option<long?> _maxLanes = Number("--max-lanes", "Connections at most");
    private readonly Option<long?> _maxQueue = Number("--max-queue", "Requests that may wait for one");
    private readonly Option<int?> _waitTimeout = DurationOption.Create("--wait-timeout", "How long a request waits for a connection");
    private readonly Option<int?> _statementTimeout = DurationOption.Create("--statement-timeout", "How long a statement may run");
    private readonly Option<long?> _maxResultBytes = Number("--max-result-bytes", "Size of an answer that is not streamed");
    private readonly Option<long?> _requestsPerSecond = Number("--requests-per-second", "Requests a second (0: no limit)");

    public void AddTo(Command command)
    {
        command.Add(_maxLanes);
        command.Add(_maxQueue);
        command.Add(_waitTimeout);
        command.Add(_statementTimeout);
        command.Add(_maxResultBytes);
        command.Add(_requestsPerSecond);
    }

    public JsonObject Read(ParseResult parsed)
    {
        var limits = new JsonObject();
        Set(limits, "max_lanes", parsed.GetValue(_maxLanes));
        Set(limits, "max_queue", parsed.GetValue(_maxQueue));
        Set(limits, "wait_timeout_ms", parsed.GetValue(_waitTimeout));
        Set(limits, "statement_timeout_ms", parsed.GetValue(_statementTimeout));
        Set(limits, "max_result_bytes", parsed.GetValue(_maxResultBytes));
        Set(limits, "requests_per_second", parsed.GetValue(_requestsPerSecond));
        return limits;
    }

    private static Option<long?> Number(string name, string description) => new(name) { Description = description, HelpName = "N" };

    private static void Set(JsonObject limits, string name, long? value)
    {
        if (value is not null)
            limits[name] = value;
    }
}
