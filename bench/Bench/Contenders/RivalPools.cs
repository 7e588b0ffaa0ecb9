namespace Kataven.Bench.Contenders;

/// <summary>How many connections an account may have in a rival's pools, which know no other limit.</summary>
internal static class RivalPools
{
    /// <summary>More were slower on few cores, and fewer too.</summary>
    private const int Most = 16;

    /// <summary>Connections to the system database, where accounts are looked up.</summary>
    public const int RegistrySize = 4;

    /// <summary>What the server needs besides, and what the product's and the benchmark's own connections take.</summary>
    private const int Reserve = 50;

    /// <summary>Contenders that share the server where they run together.</summary>
    private const int Together = 5;

    /// <summary>What whoever runs such a service would choose: as many as are sure to fit.</summary>
    public static int SizeFor(int accounts, int maxConnections, bool apart) =>
        Math.Clamp((apart ? maxConnections - Reserve : maxConnections / Together) / accounts, 1, Most);
}
