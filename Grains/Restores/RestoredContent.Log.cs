using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Restores;

internal sealed partial class RestoredContent
{
    /// <summary>Not what they failed at: an account's own code may say anything there. It stands in the operation's result or problem.</summary>
    [LoggerMessage(LogLevel.Warning, "Operation {Operation} of account {Account} passed over {Count} statements of its backup, which failed: the operation says what the first one failed at")]
    private partial void LogSkipped(Guid operation, string account, int count);
}
