using Kataven.Errors;
using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>Turns what was thrown while a script ran into what its caller is told: the one place that does.</summary>
internal static class MigrationFaults
{
    /// <summary>Null for what is no failure of the script's.</summary>
    public static MigrationFailure? Of(MigrationScript script, Exception exception, CancellationToken cancellation) => exception switch
    {
        ScriptException fault => Of(script, fault),
        OperationCanceledException when cancellation.IsCancellationRequested => Cancelled(script),
        // The role cannot log in, or has no connection left.
        Npgsql.PostgresException refused => Of(script, ScriptException.Of(refused)),
        _ => null,
    };

    /// <summary>What a caller is told who wanted all of them applied.</summary>
    public static Refusal RefusalOf(MigrationFailure failure) => new()
    {
        Code = ErrorCode.MigrationFailed,
        Detail = $"Migration {failure.Version} failed{(failure.Line is { } line ? $" at line {line}" : "")}: {failure.Sql.Message}",
        Sql = failure.Sql,
        Version = failure.Version,
    };

    /// <summary>Whether the connection was lost, and nothing is said of the script.</summary>
    public static bool IsLoss(MigrationFailure failure) =>
        failure.Sql.SqlState.StartsWith("08", StringComparison.Ordinal)
        || failure.Sql.SqlState is Npgsql.PostgresErrorCodes.AdminShutdown or Npgsql.PostgresErrorCodes.CrashShutdown or Npgsql.PostgresErrorCodes.CannotConnectNow;

    public static MigrationFailure Cancelled(MigrationScript script) =>
        Of(script, ScriptException.Of("57014", "The migration was cancelled.", isCertain: true));

    private static MigrationFailure Of(MigrationScript script, ScriptException fault)
    {
        if (fault.Statement is not { } statement)
        {
            return new MigrationFailure(script.Version, fault.Error with { Position = null }, null);
        }

        var (position, line) = ScriptPlace.Of(script.Sql, statement.Start, fault.Error.Position ?? 1);
        return new MigrationFailure(script.Version, fault.Error with { Position = fault.Error.Position is null ? null : position }, line);
    }
}
