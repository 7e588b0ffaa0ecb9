using Kataven.Errors;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>A statement of a script, or what belongs to it, failed. It does not leave this folder.</summary>
internal sealed class ScriptException : Exception
{
    /// <summary>A statement can raise an error of a gigabyte.</summary>
    private const int LongestText = 4096;

    public ScriptException(SqlError error, bool isCertain, Exception? cause = null) : base(error.Message, cause)
    {
        Error = error;
        IsCertain = isCertain;
    }

    public SqlError Error { get; }

    /// <summary>Whether the statement has certainly not happened.</summary>
    public bool IsCertain { get; }

    /// <summary>The statement that failed, where it was one of the script's.</summary>
    public ScriptStatement? Statement { get; init; }

    public static ScriptException Of(PostgresException exception) => new(
        new SqlError
        {
            SqlState = exception.SqlState,
            Message = Short(exception.MessageText)!,
            Detail = Short(exception.Detail),
            Hint = Short(exception.Hint),
            Position = exception.Position > 0 ? exception.Position : null,
            Schema = exception.SchemaName,
            Table = exception.TableName,
            Column = exception.ColumnName,
            Constraint = exception.ConstraintName,
        },
        // FATAL may come after the work was done.
        isCertain: exception.InvariantSeverity == "ERROR",
        exception);

    public static ScriptException Of(string sqlState, string message, bool isCertain, Exception? cause = null) =>
        new(new SqlError { SqlState = sqlState, Message = message }, isCertain, cause);

    public ScriptException At(ScriptStatement statement) => new(Error, IsCertain, InnerException) { Statement = statement };

    private static string? Short(string? text) => text?.Length > LongestText ? text[..LongestText] : text;
}
