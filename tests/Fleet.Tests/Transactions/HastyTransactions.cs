using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>The service with transactions whose time is short, on a server of its own.</summary>
public sealed class HastyTransactions : ServiceFixture
{
    public static readonly TimeSpan IdleLease = TimeSpan.FromSeconds(4);

    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(8);

    protected override string[] Arguments =>
    [
        .. base.Arguments,
        $"--Kataven:Transactions:IdleLease={IdleLease}",
        $"--Kataven:Transactions:MaxDuration={MaxDuration}",
        "--Kataven:Tenants:HoldDrainTimeout=00:00:03",
    ];
}
