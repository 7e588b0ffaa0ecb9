namespace Kataven.Grains.Isolation;

/// <summary>Who an account's lane has to be.</summary>
internal sealed record ExpectedIdentity(string Role, Guid AccountUid, bool WasStamped);
