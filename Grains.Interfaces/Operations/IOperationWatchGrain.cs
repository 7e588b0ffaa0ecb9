namespace Kataven.Operations;

/// <summary>The one that finds operations whose process died, and has them go on.</summary>
[Alias("kataven.IOperationWatchGrain")]
public interface IOperationWatchGrain : IGrainWithIntegerKey
{
    /// <summary>Looks now, unless it did a moment ago.</summary>
    [Alias("Look")]
    Task LookAsync();
}
