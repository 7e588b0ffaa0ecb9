namespace Kataven.Grains.Connections;

/// <summary>How a group on the fast lane ended.</summary>
internal enum FastGroupEnd
{
    /// <summary>Each statement up to the last, or to the one that failed, has its answer. The lane is as it was.</summary>
    Whole,

    /// <summary>The lane cannot be used again.</summary>
    Broken,
}
