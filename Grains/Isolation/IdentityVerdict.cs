namespace Kataven.Grains.Isolation;

/// <summary>What follows from what a lane has found.</summary>
internal enum IdentityVerdict
{
    /// <summary>It is the account's database, closed as it should be.</summary>
    Good,

    /// <summary>It is the account's, or nobody's yet: it is put in order before it is served.</summary>
    NeedsRepair,

    /// <summary>It is somebody else's, or not what it was: nothing is served from it.</summary>
    Violation,
}
