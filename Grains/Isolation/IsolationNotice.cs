using Kataven.Grains.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Isolation;

/// <summary>Tells, at each start, what this server leaves open and how passwords are kept.</summary>
internal sealed partial class IsolationNotice(ServerAudit audit, SystemDatabase system, CredentialStore credentials, SecretBox box, ILogger<IsolationNotice> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var passwords = await credentials.CountAsync(cancellationToken);
        if (passwords[PasswordState.Unreadable] is > 0 and var unreadable)
        {
            LogWrongKey(unreadable);
        }
        else if (!box.Encrypts)
        {
            LogNoKey();
        }

        if (passwords[PasswordState.Former] is > 0 and var former)
        {
            LogFormerKey(former);
        }

        if (passwords[PasswordState.Clear] is > 0 and var clear)
        {
            LogClear(clear);
        }

        var powers = await ServerPowers.ReadAsync(system, cancellationToken);
        foreach (var missing in ServerAudit.Missing(powers))
        {
            LogMissing(missing.Name, missing.Detail);
        }

        foreach (var setting in await audit.SettingsAsync(powers.Major, cancellationToken))
        {
            LogSetting(setting.Name, setting.Value, setting.Recommended, setting.Opens);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
