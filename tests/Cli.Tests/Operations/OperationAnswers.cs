namespace Kataven.Cli.Tests.Operations;

/// <summary>An operation <c>op-1</c> on <c>acme</c>, in the contract's form.</summary>
internal static class OperationAnswers
{
    public const string Conflict = """{"title":"Conflict","status":409,"code":"migration_failed","detail":"Why."}""";

    public static string Running(string progress, string kind = "backup") => Of(kind, "running", progress, "null", "null");

    public static string Succeeded(string kind = "backup") => Of(kind, "succeeded", "1.0", "null", """{"backup_id":"b-1"}""");

    public static string Failed(string problem) => Of("backup", "failed", "0.5", problem, "null");

    private static string Of(string kind, string status, string progress, string problem, string result) =>
        $$"""{"operation_id":"op-1","kind":"{{kind}}","account_id":"acme","status":"{{status}}","progress":{{progress}},"problem":{{problem}},"result":{{result}}}""";
}
