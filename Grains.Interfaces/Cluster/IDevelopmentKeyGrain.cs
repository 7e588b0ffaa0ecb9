namespace Kataven.Cluster;

/// <summary>The signing key of the development issuer: one for all front doors, kept in the system database.</summary>
[Alias("kataven.IDevelopmentKeyGrain")]
public interface IDevelopmentKeyGrain : IGrainWithIntegerKey
{
    /// <summary>The private key as PKCS#8 in PEM, made at the first call.</summary>
    /// <exception cref="InvalidOperationException">The silo does not run in <c>Development</c>.</exception>
    [Alias("Get")]
    Task<string> GetAsync();
}
