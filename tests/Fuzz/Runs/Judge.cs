using System.Text.Json;
using Kataven.Errors;
using Kataven.Fuzz.Cases;
using Kataven.Fuzz.Wire;

namespace Kataven.Fuzz.Runs;

/// <summary>Is an answer one that the contract allows for its case? Null, or what is wrong with it.</summary>
internal sealed class Judge(Actors actors)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 20_000 };

    private static readonly Dictionary<string, ErrorEntry> Codes = ErrorCatalogue.Entries.Values.ToDictionary(entry => entry.Code);

    /// <summary>What Kestrel answers to what is no HTTP, by itself and without a body.</summary>
    private static readonly int[] OfTheParser = [400, 405, 408, 411, 413, 414, 417, 426, 431, 505];

    public string? FaultOf(FuzzCase fuzzCase, RawAnswer answer)
    {
        var text = answer.Text;
        if (text.Contains(actors.Marker, StringComparison.Ordinal))
        {
            return "it has the victim's data";
        }

        if (fuzzCase.Kind is CaseKind.Header or CaseKind.Wire or CaseKind.Token && text.Contains(actors.Victim, StringComparison.Ordinal))
        {
            return "it names the victim";
        }

        if (fuzzCase.IsUnauthorized && answer.Status < 400)
        {
            return "the token is not valid";
        }

        // An answer to HEAD has no body to judge.
        if (answer.Status < 500 && fuzzCase.Bytes.AsSpan().StartsWith("HEAD "u8))
        {
            return null;
        }

        return answer.Status < 400 ? FaultOfSuccess(fuzzCase, answer, text) : FaultOfError(fuzzCase, answer);
    }

    private static string? FaultOfSuccess(FuzzCase fuzzCase, RawAnswer answer, string text)
    {
        if (fuzzCase.Account is { } account && answer.Status == 200 && !text.Contains(account, StringComparison.Ordinal))
        {
            return $"the answer is not of {account}";
        }

        try
        {
            foreach (var line in answer.ContentType == "application/x-ndjson" ? text.TrimEnd('\n').Split('\n') : answer.ContentType == "application/json" ? [text] : [])
            {
                using var json = JsonDocument.Parse(line, Deep);
                if (answer.ContentType == "application/x-ndjson" && json.RootElement.ValueKind == JsonValueKind.Object
                    && json.RootElement.TryGetProperty("error", out var error) && FaultOfProblem(fuzzCase, error, null) is { } fault)
                {
                    return fault;
                }
            }
        }
        catch (JsonException exception)
        {
            return $"it is no JSON: {exception.Message}";
        }

        // CSV that breaks off ends before its body does.
        return answer.IsWhole || answer.ContentType == "text/csv" ? null : "it broke off";
    }

    private static string? FaultOfError(FuzzCase fuzzCase, RawAnswer answer)
    {
        if (answer.ContentType != "application/problem+json")
        {
            var isParsers = fuzzCase.MayBeNoHttp && answer.Body.Length == 0 && OfTheParser.Contains(answer.Status);
            return isParsers || IsHead(fuzzCase) ? null : "an error is problem details";
        }

        if (IsHead(fuzzCase))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return FaultOfProblem(fuzzCase, json.RootElement, answer.Status);
        }
        catch (JsonException exception)
        {
            return $"the problem is no JSON: {exception.Message}";
        }
    }

    /// <param name="fuzzCase">The case.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="status">That of the answer, or null where it is the last line of a stream.</param>
    private static string? FaultOfProblem(FuzzCase fuzzCase, JsonElement problem, int? status)
    {
        foreach (var member in new[] { "type", "title", "detail", "code", "trace_id" })
        {
            if (!problem.TryGetProperty(member, out var value) || value.ValueKind != JsonValueKind.String)
            {
                return $"a problem has a {member}";
            }
        }

        var code = problem.GetProperty("code").GetString()!;
        var told = problem.GetProperty("status").GetInt32();
        if (!Codes.TryGetValue(code, out var entry) || (status is not null && told != status) || (code != "sql_error" && entry.Status != told))
        {
            return $"{code} is not {told} in an answer with {status}";
        }

        if (problem.GetProperty("detail").GetString()!.Contains("   at ", StringComparison.Ordinal))
        {
            return "it has a stack trace";
        }

        return fuzzCase.IsUnauthorized && told != 401 ? $"the token is not valid, and the answer is {told} {code}" : FaultOfCode(fuzzCase, code, told);
    }

    /// <summary>Which of the contract's 429 and 5xx may come: each only where the case gives reason for it.</summary>
    private static string? FaultOfCode(FuzzCase fuzzCase, string code, int status)
    {
        var mayBe = code switch
        {
            "query_timeout" or "overloaded" => fuzzCase.RunsSql,
            "database_unavailable" or "outcome_unknown" => fuzzCase.MayLoseBackend,
            "rate_limited" => fuzzCase.MayBeRateLimited,
            _ => status < 500,
        };
        return mayBe ? null : $"{status} {code} has no reason here";
    }

    private static bool IsHead(FuzzCase fuzzCase) => fuzzCase.Bytes.AsSpan().StartsWith("HEAD "u8);
}
