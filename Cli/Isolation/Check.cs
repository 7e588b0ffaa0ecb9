namespace Kataven.Cli.Isolation;

/// <summary>One thing that the server looked at.</summary>
internal sealed record Check(string Name, bool Ok, string Detail);
