using Kataven.Api.Hosting;
using Kataven.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Kataven.Api.Tests.Hosting;

public sealed class SettingCheckTests
{
    [Fact]
    public void All_faults_of_all_classes_are_told_together()
    {
        var faults = Faults(
            ("Kataven:Silo:SiloPort", "70000"),
            ("Kataven:Cluster:Front", "Sideways"),
            ("Kataven:Cluster:StartDeadline", "soon"),
            ("Kataven:Registry:CacheFor", "00:01:00"),
            ("Kataven:Metrics:BusiestAccounts", "-1"),
            ("Kataven:Management:Urls", "https://127.0.0.1:1"),
            ("Kataven:Cors:Origins", "*"),
            ("Kataven:Proxies:Known", "10.0.0.0/40"),
            ("Kataven:Logging:Json", "maybe"),
            ("Kataven:Auth:ClockSkew", "1.00:00:00"));

        string[] settings =
        [
            "Kataven:Silo:SiloPort is \"70000\". Allowed: 0 to 65535.",
            "Kataven:Cluster:Front is \"Sideways\"",
            "Kataven:Cluster:StartDeadline is \"soon\", which is no duration",
            "Kataven:Registry:CacheFor is \"00:01:00\". Allowed: 00:00:00 to 00:00:01.",
            "Kataven:Metrics:BusiestAccounts is \"-1\". Allowed: 0 to 1000.",
            "Kataven:Management:Urls has \"https://127.0.0.1:1\".",
            "Kataven:Cors:Origins has \"*\".",
            "Kataven:Proxies:Known has \"10.0.0.0/40\".",
            "Kataven:Logging:Json is \"maybe\", which is neither true nor false.",
            "Kataven:Auth:ClockSkew is 1.00:00:00",
            "Kataven:Auth:Authority",
        ];
        Assert.All(settings, setting => Assert.Contains(faults, fault => fault.StartsWith(setting, StringComparison.Ordinal)));
        Assert.Equal(settings.Length, faults.Count);
    }

    [Theory]
    [InlineData(null, "ConnectionStrings:System (environment: ConnectionStrings__System) is not set.")]
    [InlineData("Password=hunter2;Nonsense", "ConnectionStrings:System (environment: ConnectionStrings__System) is no connection string")]
    [InlineData("Password=hunter2", "ConnectionStrings:System (environment: ConnectionStrings__System) has no Host.")]
    public void A_wrong_connection_string_is_told_without_its_password(string? text, string told)
    {
        var faults = Faults(("ConnectionStrings:System", text), ("Kataven:Auth:Authority", "https://issuer.example"), ("Kataven:Auth:Audience", "a"));

        Assert.StartsWith(told, Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Right_settings_have_no_faults() => Assert.Empty(Faults(
        ("Kataven:Auth:Authority", "https://issuer.example"),
        ("Kataven:Auth:Audience", "a"),
        ("Kataven:Management:Urls", "http://127.0.0.1:5081, http://*:9000"),
        ("Kataven:Cors:Origins:0", "https://app.example.com"),
        ("Kataven:Cors:Origins:1", "http://localhost:3000"),
        ("Kataven:Proxies:Known", "10.0.0.1;10.1.0.0/16;::1"),
        ("Kataven:Silo:SiloPort", "0")));

    private static List<string> Faults(params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:System"] = "Host=127.0.0.1" });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        builder.JoinClusterAsFrontDoor();
        builder.AddFrontDoor();
        using var app = builder.Build();
        try
        {
            app.CheckSettings();
            return [];
        }
        catch (SettingsException exception)
        {
            return [.. exception.Faults];
        }
    }
}
