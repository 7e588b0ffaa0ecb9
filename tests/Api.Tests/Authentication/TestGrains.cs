using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using Kataven.Accounts;
using Kataven.Cluster;

namespace Kataven.Api.Tests.Authentication;

/// <summary>The two grains that the development issuer asks, without a cluster.</summary>
internal sealed class TestGrains : IDevelopmentKeyGrain, IAccountRegistryGrain
{
    private readonly ConcurrentDictionary<AccountId, AccountEntry> _accounts = new();
    private readonly ConcurrentDictionary<AccountId, bool> _unseen = new();
    private int _failures;

    private TestGrains(string pem) => Pem = pem;

    public string Pem { get; set; }

    public bool RegistryKnows { get; set; } = true;

    /// <summary>False while the system database is away.</summary>
    public bool TableAnswers { get; set; } = true;

    /// <summary>What the registry was asked for, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public static TestGrains Elliptic() => new(NewElliptic());

    public static TestGrains Rsa()
    {
        using var rsa = RSA.Create(2048);
        return new TestGrains(rsa.ExportPkcs8PrivateKeyPem());
    }

    public static string NewElliptic()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public IGrainFactory Factory()
    {
        var factory = DispatchProxy.Create<IGrainFactory, GrainFactoryProxy>();
        ((GrainFactoryProxy)(object)factory).Grains = this;
        return factory;
    }

    public void Bind(string slug, string? orgId, Guid uid = default) =>
        _accounts[AccountId.Parse(slug)] = new AccountEntry(AccountId.Parse(slug), AccountStatus.Active, orgId, 1, uid);

    /// <summary>In the table already, and not yet in the copy.</summary>
    public void BindUnseen(string slug, string orgId)
    {
        _unseen[AccountId.Parse(slug)] = true;
        Bind(slug, orgId);
    }

    /// <summary>As while the cluster's manifest has not arrived.</summary>
    public void FailNext(int calls) => _failures = calls;

    public Task<string> GetAsync() => Interlocked.Decrement(ref _failures) >= 0
        ? throw new InvalidOperationException("No such grain yet.")
        : Task.FromResult(Pem);

    public Task<RegistryAnswer> FindAsync(AccountId id)
    {
        Asked.Enqueue("copy");
        return Task.FromResult(new RegistryAnswer(_accounts.GetValueOrDefault(id), RegistryKnows));
    }

    public Task<RegistryAnswer> FindFreshAsync(AccountId id)
    {
        Asked.Enqueue("fresh");
        return Task.FromResult(TableAnswers ? new RegistryAnswer(_accounts.GetValueOrDefault(id), true) : new RegistryAnswer(null, false));
    }

    public Task<OrganisationAnswer> FindByOrganisationsAsync(ImmutableArray<string> organisationIds)
    {
        Asked.Enqueue("organisations");
        return Task.FromResult(new OrganisationAnswer(
            [.. _accounts.Values.Where(entry => organisationIds.Contains(entry.OrgId ?? "") && !_unseen.ContainsKey(entry.Id))], true));
    }
}
