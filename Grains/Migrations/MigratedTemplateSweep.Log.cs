using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Migrations;

internal sealed partial class MigratedTemplateSweep
{
    [LoggerMessage(LogLevel.Information, "Database {Database}, which was made to compare schemas with, was removed")]
    private partial void LogDropped(string database);
}
