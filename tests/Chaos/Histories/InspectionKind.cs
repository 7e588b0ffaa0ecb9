namespace Kataven.Chaos.Histories;

/// <summary>What a look into a database is for.</summary>
internal enum InspectionKind
{
    /// <summary>The account's writers pause, or have ended.</summary>
    Quiet,

    /// <summary>A backup has just taken the place of the data; the account's writers pause.</summary>
    Restored,

    /// <summary>A copy of the account, made while it was written to.</summary>
    Cloned,
}
