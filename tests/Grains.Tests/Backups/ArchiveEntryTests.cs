using Kataven.Grains.Backups;

namespace Kataven.Grains.Tests.Backups;

public sealed class ArchiveEntryTests
{
    [Theory]
    [InlineData("215; 1259 16385 TABLE public t me", "Main", "Main")]
    [InlineData("3341; 0 16385 TABLE DATA public t me", "Main", "Main")]
    [InlineData("2; 3079 16386 EXTENSION - citext ", "Main", "Main")]
    [InlineData("3350; 0 0 COMMENT - EXTENSION citext ", "Main", "Main")]
    [InlineData("9; 2615 2200 SCHEMA - public me", "Main", "Main")]
    [InlineData("9; 2615 2200 SCHEMA - _kataven_not me", "Main", "Main")]
    [InlineData("3352; 0 0 ACL public TABLE t me", "Last", "None")]
    [InlineData("2100; 826 17000 DEFAULT ACL app DEFAULT PRIVILEGES FOR TABLES me", "Last", "None")]
    [InlineData("3200; 3256 17001 POLICY app person own me", "Last", "Last")]
    [InlineData("3355; 0 17010 MATERIALIZED VIEW DATA app stats me", "Last", "Last")]
    [InlineData("233; 1259 17010 MATERIALIZED VIEW app stats me", "Main", "Main")]
    [InlineData("3351; 0 0 ACL pg_catalog TABLE pg_database postgres", "None", "None")]
    [InlineData("7; 2615 16390 SCHEMA - _kataven postgres", "None", "None")]
    [InlineData("7; 0 0 ACL - SCHEMA _kataven postgres", "None", "None")]
    [InlineData("216; 1259 16391 TABLE _kataven identity postgres", "None", "None")]
    [InlineData("3340; 0 16391 TABLE DATA _kataven identity postgres", "None", "None")]
    [InlineData("3333; 1262 16384 DATABASE - acme me", "None", "None")]
    [InlineData("3334; 0 0 DATABASE PROPERTIES - acme me", "None", "None")]
    [InlineData("3334; 0 0 ACL - DATABASE acme me", "None", "None")]
    [InlineData("3000; 3466 17100 EVENT TRIGGER - e postgres", "None", "None")]
    [InlineData("3001; 6104 17101 PUBLICATION - p me", "None", "None")]
    [InlineData("3002; 6106 17102 PUBLICATION TABLE public p t me", "None", "None")]
    [InlineData("3003; 6100 17103 SUBSCRIPTION - s me", "None", "None")]
    [InlineData("3004; 0 0 SECURITY LABEL public TABLE t me", "None", "None")]
    [InlineData("3349; 0 0 COMMENT - EXTENSION plpgsql ", "None", "None")]
    [InlineData("1; 3079 13500 EXTENSION - plpgsql ", "None", "None")]
    [InlineData("3356; 0 0 STATISTICS DATA public t ", "None", "None")]
    public void An_entry_goes_where_it_belongs(string line, string sameRole, string anotherRole)
    {
        var entry = ArchiveEntry.Parse(line)!;
        Assert.Equal((sameRole, anotherRole), (entry.PartFor(true).ToString(), entry.PartFor(false).ToString()));
        Assert.StartsWith($"{entry.Number};", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("; Archive created at 2026-01-01")]
    [InlineData(";")]
    [InlineData("")]
    [InlineData("-1; 0 0 TABLE public t me")]
    public void What_is_no_entry_is_none(string line) => Assert.Null(ArchiveEntry.Parse(line));
}
