using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Grains.Tenants;
using Kataven.Grains.Tests.Connections;
using Kataven.Grains.Tests.Connections.Budget;

namespace Kataven.Grains.Tests.Tenants;

/// <summary>A pool without PostgreSQL, for what a hold does to it.</summary>
internal static class HeldPool
{
    /// <summary>How long its requests wait for the end of a hold.</summary>
    public static readonly TimeSpan WaitsFor = TimeSpan.FromSeconds(10);

    private static readonly AccountId Acme = AccountId.Parse("acme");

    public static TenantPool Of(TimeProvider time, AccountRow row) => new(Acme, row, new TenantLimits(), new FakeLanes(), new FakeSlots(), new FakeGroups(), time)
    {
        HeldRequestTimeout = WaitsFor,
    };

    public static AccountRow Row(long version, AccountStatus status = AccountStatus.Active, int? maxQueue = null, int? requestsPerSecond = null) => new(
        new Account
        {
            Id = Acme,
            Name = "Acme",
            Status = status,
            Limits = new AccountLimits { MaxQueue = maxQueue, RequestsPerSecond = requestsPerSecond },
            CreatedAt = default,
            Version = version,
        },
        HasDatabase: true);
}
