namespace Kataven.Api.Migrations;

/// <summary>What a call that migrates an account asks for.</summary>
internal sealed record MigrationRun(int? Target, bool DryRun);
