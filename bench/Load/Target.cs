namespace Kataven.Load;

/// <summary>An account, and the token that may act for it; null where the service asks for none.</summary>
public sealed record Target(string Account, string? Token);
