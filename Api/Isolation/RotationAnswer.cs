namespace Kataven.Api.Isolation;

/// <summary>The account's role has a new password.</summary>
internal sealed record RotationAnswer(string AccountId, bool Rotated);
