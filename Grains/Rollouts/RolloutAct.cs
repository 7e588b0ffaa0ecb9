namespace Kataven.Grains.Rollouts;

/// <summary>What a rollout does next.</summary>
internal enum RolloutAct
{
    /// <summary>Nothing, until an account has ended or somebody changed the rollout.</summary>
    Wait,

    /// <summary>Migrates the account.</summary>
    Begin,

    /// <summary>Looks which accounts are left.</summary>
    Look,

    /// <summary>Lets time go by before the accounts that were busy are tried again.</summary>
    Rest,

    /// <summary>Notes the account as failed: it was busy whenever it was tried.</summary>
    GiveUp,

    /// <summary>Ends.</summary>
    End,
}
