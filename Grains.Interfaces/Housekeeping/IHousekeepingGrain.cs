namespace Kataven.Housekeeping;

/// <summary>The one that tidies up in the whole cluster, now and then.</summary>
[Alias("kataven.IHousekeepingGrain")]
public interface IHousekeepingGrain : IGrainWithIntegerKey
{
    /// <summary>Has it tidy up at once, and every minute from now on, also where every silo is started anew.</summary>
    [Alias("Begin")]
    Task BeginAsync();

    /// <summary>Tidies up now, and returns when that is done. Where it is being done, that is waited for, and it is done once more.</summary>
    [Alias("Tidy"), ResponseTimeout("01:00:00")]
    Task TidyAsync();
}
