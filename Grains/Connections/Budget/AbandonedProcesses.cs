using Kataven.Grains.Accounts;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

/// <summary>Processes of PostgreSQL whose connection is closed, and that have not ended: some work no signal reaches.</summary>
internal sealed partial class AbandonedProcesses(AccountRole roles, TimeProvider time, ILogger<AbandonedProcesses> logger)
{
    /// <summary>How long it is until the next try, where the system database is away.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(5);

    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(1);

    /// <summary>After a crash of the server all lanes are here: they ask one after the other, and so does whoever finds it away.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Tells the process to end, and returns when it has. It never throws.</summary>
    public async Task WhenGoneAsync(string role, int processId)
    {
        LogAbandoned(processId);
        var begun = time.GetTimestamp();
        for (var pause = FirstLook; !await IsGoneAsync(role, processId, begun).ConfigureAwait(false); pause = 2 * pause < LastLook ? 2 * pause : LastLook)
        {
            await Task.Delay(pause, time).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsGoneAsync(string role, int processId, long begun)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return !await roles.TellToEndAsync(role, processId, time.GetElapsedTime(begun), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await Task.Delay(Pause, time).ConfigureAwait(false);
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }
}
