using Kataven.Grains.Accounts;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

/// <summary>Processes of PostgreSQL whose connection is closed, and that have not ended: some work no signal reaches.</summary>
internal sealed partial class AbandonedProcesses(AccountRole roles, TimeProvider time, ILogger<AbandonedProcesses> logger)
{
    /// <summary>How long it is until the next try, where the system database is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Tells the process to end, and returns when it has. It never throws.</summary>
    public async Task WhenGoneAsync(string role, int processId)
    {
        LogAbandoned(processId);
        while (true)
        {
            try
            {
                await roles.TerminateAsync(role, processId, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (Exception)
            {
                await Task.Delay(Pause, time).ConfigureAwait(false);
            }
        }
    }
}
