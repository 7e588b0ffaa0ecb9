namespace Kataven.Cli.Tests;

/// <summary>Answers in the contract's form.</summary>
internal static class Answers
{
    public const string Rows =
        """{"command":"SELECT","row_count":3,"columns":[{"name":"id","type":"integer"},{"name":"name","type":"text"}],"rows":[[7,"seven"],[12345,null],[1,""]]}""";

    public const string Account =
        """{"account_id":"acme","account_name":"Acme Ltd","database_name":"acme","status":"active","org_id":null,"limits":{"max_lanes":4,"max_queue":1000},"created_at":"2026-01-02T03:04:05Z"}""";

    public const string UnknownTable =
        """{"type":"about:blank","title":"SQL error","status":404,"code":"sql_error","trace_id":"t1","sql_state":"42P01","message":"relation \"nix\" does not exist","position":22,"hint":"Look again."}""";
}
