using Kataven.Api.Tenancy;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Authentication;

/// <summary>Says at the start what the settings mean for those who call.</summary>
internal sealed partial class AuthenticationNotice(
    IOptions<AuthOptions> options, IHostEnvironment environment, ILogger<AuthenticationNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var rules = AccountRules.Of(options.Value, environment);
        if (options.Value.UsesDevelopmentIssuer(environment))
        {
            LogDevelopmentIssuer(options.Value.DevelopmentIssuer);
        }

        if (rules is { AdminOrgId: null, IsDevelopment: false })
        {
            LogNoAdministrators();
        }

        if (rules is { RequireBinding: false, IsDevelopment: false })
        {
            LogNamesCount();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
