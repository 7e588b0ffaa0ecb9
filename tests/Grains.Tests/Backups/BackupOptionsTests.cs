using Kataven.Grains.Backups;

namespace Kataven.Grains.Tests.Backups;

public sealed class BackupOptionsTests
{
    [Fact]
    public void The_defaults_are_allowed() => Assert.Empty(Faults(new BackupOptions()));

    [Fact]
    public void All_faults_are_told_together()
    {
        var faults = Faults(new BackupOptions
        {
            MaxParallel = 0,
            DefaultKeep = 0,
            DefaultSchedule = TimeSpan.FromSeconds(1),
            KeepReplaced = TimeSpan.FromDays(31),
            KeepDeleted = TimeSpan.FromDays(-1),
            TimeLimit = TimeSpan.Zero,
            Directory = "",
            S3 = new() { Bucket = "b", ServiceUrl = "nowhere", AccessKey = "a" },
        });

        foreach (var name in (string[])["MaxParallel", "DefaultKeep", "DefaultSchedule", "KeepReplaced", "KeepDeleted", "TimeLimit", "Directory", "ServiceUrl", "SecretKey"])
        {
            Assert.Contains(faults, fault => fault.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_bucket_needs_to_be_somewhere() =>
        Assert.Contains("Kataven:Backups:S3:Region", Assert.Single(Faults(new BackupOptions { S3 = new() { Bucket = "b" } })), StringComparison.Ordinal);

    private static List<string> Faults(BackupOptions options) => [.. new BackupOptionsValidator().Validate(null, options).Failures ?? []];
}
