namespace Kataven.Grains.Backups;

/// <summary>A bucket that speaks S3's protocol.</summary>
public sealed class S3Options
{
    /// <summary>The bucket; null keeps backups in a folder.</summary>
    public string? Bucket { get; set; }

    /// <summary>What the names in the bucket begin with.</summary>
    public string? Prefix { get; set; }

    /// <summary>The address of a server that is not Amazon's.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>Amazon's region, or the one that such a server wants to be asked for.</summary>
    public string? Region { get; set; }

    /// <summary>Null for what the SDK finds by itself: its variables, its files, the machine's role.</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>The bucket in the path instead of the host's name, as most servers that are not Amazon's want it.</summary>
    public bool ForcePathStyle { get; set; }
}
