namespace Kataven.Cli.Tests.Migrations;

/// <summary>A rollout <c>r-1</c> of ten accounts, in the contract's form.</summary>
internal static class RolloutAnswers
{
    public const string Failure = """{"account_id":"b","version":7,"sql_state":"42703","message":"column \"x\" does not exist"}""";

    public static string Of(string status, int succeeded, int failed = 0, string id = "r-1") =>
        $$"""{"rollout_id":"{{id}}","status":"{{status}}","total":10,"succeeded":{{succeeded}},"failed":{{failed}},"pending":{{10 - succeeded - failed}},"failures":[{{(failed > 0 ? Failure : "")}}],"started_at":"2026-01-02T03:04:05Z"}""";

    public static string ListOf(params string[] rollouts) => $$"""{"rollouts":[{{string.Join(',', rollouts)}}]}""";
}
