using System.Diagnostics;
using Kataven.Accounts;

namespace Kataven.Observability;

/// <summary>
/// The spans of a request. Their names carry the numbers of the request's path. Where nobody listens none is made.
/// Never SQL text, a parameter or a token.
/// </summary>
public static class RequestPath
{
    /// <summary>Of the activity source, and of the meter.</summary>
    public const string Name = "Kataven";

    private const string AccountTag = "kataven.account";

    private static readonly ActivitySource Source = new(Name);

    public static Activity? Route() => Source.StartActivity("① route");

    public static Activity? WhichAccount() => Source.StartActivity("② which account");

    public static Activity? Registry(AccountId account) => Start("③ registry", account);

    public static Activity? TenantGrain(AccountId account) => Start("④ tenant grain", account);

    public static Activity? Lane(AccountId account) => Start("⑤ lane", account);

    public static Activity? Run(AccountId account) => Start("⑥ run", account);

    /// <summary>Says how it ended; without a code, well.</summary>
    public static void End(this Activity? span, string? route, string? code)
    {
        if (span is null)
        {
            return;
        }

        span.SetTag("http.route", route);
        if (code is not null)
        {
            span.SetTag("kataven.code", code);
            span.SetStatus(ActivityStatusCode.Error, code);
        }
    }

    private static Activity? Start(string name, AccountId account)
    {
        var span = Source.StartActivity(name);
        span?.SetTag(AccountTag, account.Value);
        return span;
    }
}
