namespace Kataven.Grains.Cluster;

/// <summary>The state of <see cref="DevelopmentKeyGrain"/>.</summary>
[GenerateSerializer, Alias("kataven.DevelopmentKey")]
internal sealed class DevelopmentKey
{
    /// <summary>PKCS#8 in PEM.</summary>
    [Id(0)]
    public string? Pem { get; set; }
}
