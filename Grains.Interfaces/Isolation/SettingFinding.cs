namespace Kataven.Isolation;

/// <summary>A setting of the server that is not as recommended.</summary>
/// <param name="Name">PostgreSQL's name for it.</param>
/// <param name="Value">What it is.</param>
/// <param name="Recommended">What it should be.</param>
/// <param name="Opens">What an account can do because of it.</param>
[GenerateSerializer, Immutable, Alias("kataven.SettingFinding")]
public sealed record SettingFinding(
    [property: Id(0)] string Name,
    [property: Id(1)] string Value,
    [property: Id(2)] string Recommended,
    [property: Id(3)] string Opens);
