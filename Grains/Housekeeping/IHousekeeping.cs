namespace Kataven.Grains.Housekeeping;

/// <summary>Something that is tidied up now and then, in one place of the cluster. Where it breaks off, the next time goes on.</summary>
internal interface IHousekeeping
{
    Task TidyAsync(CancellationToken cancellation);
}
