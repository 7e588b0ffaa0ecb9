using Orleans.Configuration;

namespace Kataven.Membership;

/// <summary>What follows from the settings: Orleans' options, and how long a takeover takes.</summary>
internal sealed class FailureDetection(FailureDetectionSettings settings)
{
    /// <summary>What is promised of a member that is killed, and of one that freezes.</summary>
    public static readonly TimeSpan PromisedKilled = TimeSpan.FromSeconds(2), PromisedFrozen = TimeSpan.FromSeconds(5);

    /// <summary>From a member's declared death to the first answer of its accounts elsewhere: the vote, the directory, the first connection.</summary>
    private static readonly TimeSpan Activation = TimeSpan.FromMilliseconds(500);

    /// <summary>The timeout of a probe, and the time between two, while answers come quickly, and of a member that has just joined.</summary>
    public TimeSpan ShortestProbe => settings.ProbeTimeout * 0.4;

    /// <summary>
    /// Whoever sent anything within this time is not declared dead, whatever becomes of probes: on a machine without a core to
    /// spare, probes are late before requests stop.
    /// </summary>
    public TimeSpan Window => settings.MissedProbes * settings.ProbeTimeout;

    /// <summary>A killed one's probes fail at once, but are a probe's time apart, and the first is up to as far away.</summary>
    public TimeSpan KilledWithin => (settings.MissedProbes * ShortestProbe) + Activation;

    /// <summary>Of a frozen one connections stay open: the window has to be over, and then comes one more probe.</summary>
    public TimeSpan FrozenWithin => Window + settings.ProbeTimeout + Activation;

    public bool KeepsPromise => KilledWithin <= PromisedKilled && FrozenWithin <= PromisedFrozen;

    public void Apply(ClusterMembershipOptions options)
    {
        // The value of the first probes, which a member that has just joined is found dead by too.
        options.ProbeTimeout = ShortestProbe;
        options.MinProbeTimeout = ShortestProbe;
        options.MaxProbeTimeout = settings.ProbeTimeout;
        options.NumMissedProbesLimit = settings.MissedProbes;
        options.TableRefreshTimeout = settings.TableRefresh;
        options.IAmAliveTablePublishTimeout = settings.AliveEvery;
        // What PostgreSQL is told by an owner that froze is ended there, so votes may rely on what connections show.
        options.EnableConnectionLivenessCheck = true;
    }

    /// <summary>
    /// A dead member's part of the directory is closed for as long as its lease outlasts its detection. With Orleans' own 30 s a
    /// takeover waits for the rest of them; no longer than the detection it waits for nothing.
    /// </summary>
    public void Apply(GrainDirectoryOptions options) => options.RangeLeaseDuration = Window;
}
