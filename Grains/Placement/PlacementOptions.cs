using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Placement;

/// <summary>When a silo that is busy hands accounts over to one that is not.</summary>
public sealed class PlacementOptions
{
    public const string Section = "Kataven:Placement";

    /// <summary>Whether accounts are moved at all. New activations go to the silo that has less to do either way.</summary>
    public bool Rebalance { get; set; } = true;

    /// <summary>How often a silo looks at its own processor time. One second to ten minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>So many looks in a row have to find the same before accounts move: 1 to 100.</summary>
    [Range(1, 100)]
    public int LooksInARow { get; set; } = 3;

    /// <summary>A silo that uses less of its cores is not busy. In percent: 10 to 100.</summary>
    [Range(10, 100)]
    public int BusyAbove { get; set; } = 70;

    /// <summary>By how much less another silo has to use of its own. In percent of all cores: 10 to 100.</summary>
    [Range(10, 100)]
    public int Difference { get; set; } = 30;

    /// <summary>How many accounts a silo hands over within a minute at most: 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int MovesPerMinute { get; set; } = 6;

    /// <summary>An account that came less than this ago stays, so that none goes to and fro. One second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RestFor { get; set; } = TimeSpan.FromMinutes(5);
}
