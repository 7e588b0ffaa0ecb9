namespace Kataven.Membership;

/// <summary>How a front door reaches the silos.</summary>
internal enum FrontKind
{
    /// <summary>As a member that holds no account: one hop, and it learns of a silo's death at once.</summary>
    Silo,

    /// <summary>As an external client through gateways, where it cannot join the cluster's network. Its failover is slower.</summary>
    Client,
}
