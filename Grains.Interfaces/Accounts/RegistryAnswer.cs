namespace Kataven.Accounts;

/// <summary>The registry's answer about one account.</summary>
/// <param name="Entry">The account, or null where there is none (or none with a database).</param>
/// <param name="Known">False where the system database could not be asked about an account that is not remembered.</param>
[GenerateSerializer, Immutable, Alias("kataven.RegistryAnswer")]
public sealed record RegistryAnswer([property: Id(0)] AccountEntry? Entry, [property: Id(1)] bool Known);
