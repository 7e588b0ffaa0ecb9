namespace Kataven.Api.Migrations;

/// <summary>A script that is not any more what was applied: <c>changed</c> or <c>vanished</c>.</summary>
internal sealed record DriftAnswer(int Version, string Description, string Reason);
