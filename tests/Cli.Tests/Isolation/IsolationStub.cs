using Microsoft.AspNetCore.Http;

namespace Kataven.Cli.Tests.Isolation;

/// <summary>A server with three accounts in two pages: <c>a</c> sound, <c>b</c> as given, <c>c</c> sound.</summary>
internal static class IsolationStub
{
    public const string GoodServer =
        """{"server_version":"15.1","isolation_version":3,"settings":[],"missing":[],"findings":[]}""";

    public const string LackingServer =
        """{"server_version":"15.1","isolation_version":3,"settings":[{"name":"jit","value":"on","recommended":"off","opens":"compiling"}],"missing":[{"name":"guard_triggers","ok":false,"detail":"The service's role is no superuser."}],"findings":[]}""";

    public static string Report(string account, string failed = "") =>
        $$"""{"account_id":"{{account}}","sound":{{(failed.Length == 0 ? "true" : "false")}},"role":"t_1","isolation_version":3,"findings":[{"name":"stamp","ok":{{(failed == "stamp" ? "false" : "true")}},"detail":"The stamp."},{"name":"guard_triggers","ok":{{(failed == "guard_triggers" ? "false" : "true")}},"detail":"The guard."}]}""";

    /// <param name="server">What the server reports of itself.</param>
    /// <param name="b">Answers whatever is asked about <c>b</c>.</param>
    public static Task<FrontDoorStub> StartAsync(string server, Func<HttpContext, Task> b) => FrontDoorStub.StartAsync(context =>
        context.Request.Path.Value!["/api/admin/".Length..] switch
        {
            "isolation" => FrontDoorStub.WriteAsync(context, 200, server),
            "accounts" when context.Request.Query["after"] == "b" => FrontDoorStub.WriteAsync(context, 200, """{"accounts":[{"account_id":"c"}],"next":null}"""),
            "accounts" => FrontDoorStub.WriteAsync(context, 200, """{"accounts":[{"account_id":"a"},{"account_id":"b"}],"next":"b"}"""),
            var path when path.StartsWith("accounts/b/", StringComparison.Ordinal) => b(context),
            var path => FrontDoorStub.WriteAsync(context, 200, Report(path.Split('/')[1])),
        });

    public static Task<FrontDoorStub> StartAsync(string server, string failed = "") =>
        StartAsync(server, context => FrontDoorStub.WriteAsync(context, 200, Report("b", failed)));

    public static Task<FrontDoorStub> StartRefusingAsync(int status, string code) => StartAsync(GoodServer, context =>
        FrontDoorStub.WriteAsync(context, status, $$"""{"status":{{status}},"code":"{{code}}","detail":"Why."}""", "application/problem+json"));
}
