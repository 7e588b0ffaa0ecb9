namespace Kataven.Api.Tenancy;

/// <summary>Whom a protected route is for, as metadata of its endpoint.</summary>
internal sealed record RouteAudience(bool IsAdministrators)
{
    public static readonly RouteAudience Accounts = new(false);

    public static readonly RouteAudience Administrators = new(true);
}
