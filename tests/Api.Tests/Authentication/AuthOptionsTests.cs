using Kataven.Api.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tests.Authentication;

public sealed class AuthOptionsTests
{
    private static AuthOptions Right() => new() { Authority = "https://auth.example.com", Audience = "1" };

    private static IReadOnlyList<string> Faults(string environment, AuthOptions options) =>
        [.. new AuthOptionsValidator(new HostingEnvironment { EnvironmentName = environment }).Validate(null, options).Failures ?? []];

    [Fact]
    public void Right_settings_have_no_fault()
    {
        Assert.Empty(Faults("Production", Right()));
        Assert.Empty(Faults("Development", Right()));
        Assert.Empty(Faults("Development", new AuthOptions()));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("https://auth.example.com", null)]
    [InlineData(null, "1")]
    [InlineData(" ", "")]
    public void Outside_Development_authority_and_audience_are_required_and_both_are_named(string? authority, string? audience)
    {
        foreach (var environment in new[] { "Production", "Staging", "Test" })
        {
            var fault = Assert.Single(Faults(environment, new AuthOptions { Authority = authority, Audience = audience }));
            Assert.Contains("Kataven:Auth:Authority", fault);
            Assert.Contains("Kataven:Auth:Audience", fault);
        }
    }

    [Fact]
    public void An_authority_needs_an_audience_in_Development_too() =>
        Assert.Contains("Kataven:Auth:Audience", Assert.Single(Faults("Development", new AuthOptions { Authority = "https://auth.example.com" })));

    [Theory]
    [InlineData("auth.example.com")]
    [InlineData("/auth")]
    [InlineData("ftp://auth.example.com")]
    [InlineData("https://auth.example.com?a=b")]
    [InlineData("https://user:secret@auth.example.com")]
    public void An_authority_is_a_url(string authority)
    {
        var options = Right();
        options.Authority = authority;
        var fault = Assert.Single(Faults("Production", options));
        Assert.StartsWith("Kataven:Auth:Authority has to be", fault);
        Assert.DoesNotContain("secret", fault);
    }

    [Fact]
    public void Plain_http_has_to_be_allowed()
    {
        var options = Right();
        options.Authority = "http://auth.internal:8080";
        Assert.Contains("Kataven:Auth:RequireHttpsMetadata", Assert.Single(Faults("Production", options)));
        options.RequireHttpsMetadata = false;
        Assert.Empty(Faults("Production", options));
    }

    [Fact]
    public void All_faults_are_told_together()
    {
        var faults = Faults("Production", new AuthOptions
        {
            Authority = "nowhere",
            ClockSkew = TimeSpan.FromHours(1),
            KeyRefreshCoolDown = TimeSpan.Zero,
            KeyLifetime = TimeSpan.Zero,
        });
        Assert.Equal(5, faults.Count);
    }

    [Fact]
    public async Task A_start_with_faults_fails_and_names_them()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestFront.StartAsync(Environments.Production, null, ("ClockSkew", "01:00:00")));
        Assert.Contains("Kataven:Auth:Authority", fault.Message);
        Assert.Contains("Kataven:Auth:Audience", fault.Message);
        Assert.Contains("Kataven:Auth:ClockSkew", fault.Message);
    }
}
