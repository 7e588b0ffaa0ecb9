namespace Kataven.Cli.Waiting;

/// <summary>How far something has got.</summary>
/// <param name="What">What it is, as a bar's label.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Share">From 0 to 1.</param>
internal sealed record ProgressStep(string What, string State, double Share);
