using Kataven.Api.Hosting;

namespace Kataven.Api.Tests.Hosting;

public sealed class OriginTests
{
    [Theory]
    [InlineData("https://app.example.com", true)]
    [InlineData("http://localhost:3000", true)]
    [InlineData("https://app.example.com:8443", true)]
    [InlineData("https://app.example.com/", false)]
    [InlineData("https://app.example.com:443", false)]
    [InlineData("https://App.example.com", false)]
    [InlineData("https://app.example.com/path", false)]
    [InlineData("https://*.example.com", false)]
    [InlineData("app.example.com", false)]
    [InlineData("null", false)]
    [InlineData("*", false)]
    [InlineData("file:///tmp", false)]
    public void An_origin_is_what_a_browser_sends(string text, bool isOrigin) => Assert.Equal(isOrigin, CorsSettingsValidator.IsOrigin(text));
}
