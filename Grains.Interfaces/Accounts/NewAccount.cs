namespace Kataven.Accounts;

/// <summary>What is asked for when an account is created.</summary>
[GenerateSerializer, Immutable, Alias("kataven.NewAccount")]
public sealed record NewAccount(
    [property: Id(0)] string Name,
    [property: Id(1)] string? OrgId,
    [property: Id(2)] AccountLimits Limits);
