namespace Kataven.Grains.Backups;

/// <summary>
/// How long each part of an upload is whose length nobody knows: an upload has at most 10,000 parts, and an object 5 TiB. So they
/// grow, and the one buffer with them: it is 8 MiB up to a backup of 6 GiB, and then about a thousandth of what was written.
/// </summary>
internal static class S3PartSize
{
    public const int First = 8 * 1024 * 1024;

    public const int Largest = 1024 * 1024 * 1024;

    public const int MaxParts = 10_000;

    private const int PartsOfOneSize = 800;

    /// <param name="part">From 1.</param>
    public static int Of(int part) => (int)Math.Min((long)First << Math.Min((part - 1) / PartsOfOneSize, 32), Largest);
}
