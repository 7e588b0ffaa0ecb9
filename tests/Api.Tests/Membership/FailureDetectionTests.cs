using Kataven.Membership;
using Orleans.Configuration;

namespace Kataven.Api.Tests.Membership;

public sealed class FailureDetectionTests
{
    [Fact]
    public void The_defaults_keep_what_is_promised()
    {
        var detection = new FailureDetection(new FailureDetectionSettings());

        Assert.True(detection.KeepsPromise);
        Assert.InRange(detection.KilledWithin, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.InRange(detection.FrozenWithin, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(2, 3, 2.9, 8.5)]
    [InlineData(0.5, 3, 1.1, 2.5)]
    [InlineData(1, 4, 2.1, 5.5)]
    public void How_long_a_takeover_takes_follows_from_the_probes(double probe, int missed, double killed, double frozen)
    {
        var detection = new FailureDetection(new() { ProbeTimeout = TimeSpan.FromSeconds(probe), MissedProbes = missed });

        Assert.Equal(killed, detection.KilledWithin.TotalSeconds);
        Assert.Equal(frozen, detection.FrozenWithin.TotalSeconds);
        Assert.Equal(killed <= 2 && frozen <= 5, detection.KeepsPromise);
    }

    /// <summary>Orleans closes a dead member's part of the directory for what its lease is longer than its detection.</summary>
    [Theory]
    [InlineData(0.2, 2)]
    [InlineData(1, 3)]
    [InlineData(30, 10)]
    public void The_lease_of_the_directory_never_outlasts_the_detection(double probe, int missed)
    {
        var detection = new FailureDetection(new() { ProbeTimeout = TimeSpan.FromSeconds(probe), MissedProbes = missed });
        var (members, directory) = (new ClusterMembershipOptions(), new GrainDirectoryOptions());

        detection.Apply(members);
        detection.Apply(directory);

        Assert.Equal(members.MaxProbeTimeout * members.NumMissedProbesLimit, directory.RangeLeaseDuration);
        Assert.Equal(TimeSpan.FromSeconds(probe), members.MaxProbeTimeout);
    }

    /// <summary>With a longer one a member that has just joined is found dead late: its first probes are as far apart.</summary>
    [Fact]
    public void The_first_probes_are_as_close_together_as_the_later_ones()
    {
        var members = new ClusterMembershipOptions();

        new FailureDetection(new FailureDetectionSettings()).Apply(members);

        Assert.Equal(TimeSpan.FromSeconds(0.4), members.MinProbeTimeout);
        Assert.Equal(members.MinProbeTimeout, members.ProbeTimeout);
    }

    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(9, 5, true)]
    [InlineData(10, 5, false)]
    [InlineData(60, 1, false)]
    public void The_table_is_read_often_enough_for_a_sign_of_life_to_count(int refresh, int alive, bool isRight)
    {
        var settings = new FailureDetectionSettings { TableRefresh = TimeSpan.FromSeconds(refresh), AliveEvery = TimeSpan.FromSeconds(alive) };

        var result = new FailureDetectionSettingsValidator().Validate(null, settings);

        Assert.Equal(isRight, result.Succeeded);
        Assert.True(isRight || result.FailureMessage!.StartsWith("Kataven:Cluster:FailureDetection:TableRefresh is", StringComparison.Ordinal), result.FailureMessage);
    }
}
