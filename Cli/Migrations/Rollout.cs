using System.Text.Json;
using System.Text.Json.Serialization;
using Kataven.Cli.Arguments;
using Kataven.Cli.Http;
using Kataven.Cli.Waiting;

namespace Kataven.Cli.Migrations;

/// <summary>The walk of a migration through every active account, as the server last told it.</summary>
internal sealed record Rollout(string RolloutId, string Status, int Total, int Succeeded, int Failed, string? StartedAt = null)
{
    /// <summary>As the server wrote it.</summary>
    [JsonIgnore]
    public string Answer { get; private init; } = "";

    /// <summary>Its id becomes part of a path.</summary>
    public static Rollout Parse(string answer) =>
        JsonSerializer.Deserialize(answer, MigrationJson.Default.Rollout) is { } rollout && IdArgument.IsId(rollout.RolloutId)
            ? rollout with { Answer = answer }
            : throw new JsonException();

    public static async Task<Rollout> ReadAsync(KatavenClient client, string id, CancellationToken cancellationToken) =>
        Parse(await client.AdminTextAsync(HttpMethod.Get, $"/rollouts/{id}", null, cancellationToken));

    /// <summary>The newest that has not ended.</summary>
    public static async Task<Rollout> UnderWayAsync(KatavenClient client, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await client.AdminTextAsync(HttpMethod.Get, "/rollouts", null, cancellationToken));
        if (answer.RootElement.ValueKind != JsonValueKind.Object || !answer.RootElement.TryGetProperty("rollouts", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new JsonException();

        return list.EnumerateArray()
            .Select(static rollout => Parse(rollout.GetRawText()))
            .Where(static rollout => !rollout.HasEnded)
            .MaxBy(static rollout => rollout.StartedAt, StringComparer.Ordinal)
            ?? throw new CliFailure(ExitCode.Refused, "No rollout is under way: name the one that is meant.");
    }

    /// <summary>A paused one can go on at any time.</summary>
    [JsonIgnore]
    public bool HasEnded => Status is not ("running" or "paused");

    [JsonIgnore]
    public bool IsGood => Status == "succeeded" && Failed == 0;

    public ProgressStep ToStep() => new($"rollout {RolloutId}", ToString(), Total > 0 ? Math.Clamp((double)(Succeeded + Failed) / Total, 0, 1) : HasEnded ? 1 : 0);

    public override string ToString() => $"{Status}, {Succeeded} of {Total} accounts done, {Failed} failed";
}
