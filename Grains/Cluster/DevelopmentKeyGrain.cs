using System.Security.Cryptography;
using Kataven.Cluster;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Kataven.Grains.Cluster;

/// <summary>Keeps the development issuer's key in the system database, so that every front door takes its tokens.</summary>
internal sealed class DevelopmentKeyGrain(
    [PersistentState("key")] IPersistentState<DevelopmentKey> key,
    IHostEnvironment environment) : Grain, IDevelopmentKeyGrain
{
    public async Task<string> GetAsync()
    {
        if (!environment.IsDevelopment())
        {
            throw new InvalidOperationException("There is a development key in the environment Development only.");
        }

        if (key.State.Pem is null)
        {
            using var algorithm = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            key.State = new DevelopmentKey { Pem = algorithm.ExportPkcs8PrivateKeyPem() };
            await key.WriteStateAsync();
        }

        return key.State.Pem!;
    }
}
