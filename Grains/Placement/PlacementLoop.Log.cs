using Kataven.Accounts;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Placement;

internal sealed partial class PlacementLoop
{
    [LoggerMessage(LogLevel.Information, "Account {Account} moves to {Silo}, which has less to do than this silo (Kataven:Placement)")]
    private partial void LogMoves(AccountId account, SiloAddress silo);

    [LoggerMessage(LogLevel.Warning, "Whether accounts should move to other silos could not be found out; it is tried again")]
    private partial void LogFailed(Exception exception);
}
