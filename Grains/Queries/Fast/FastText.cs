using Kataven.Grains.Queries.Text;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Fast;

/// <summary>
/// What is known of one statement's text. Whoever runs it writes here, and nobody locks: each member stands for itself, and one
/// that is a moment old sends a statement to the other kind of lane, which is right too.
/// </summary>
/// <param name="code">What it was judged by.</param>
/// <param name="mayShare">It is one statement that reads, and names nothing that does more.</param>
/// <param name="parameters">How many parameters it takes.</param>
internal sealed class FastText(AccountCode code, bool mayShare, int parameters)
{
    /// <summary>A text that fails again and again is tried again after twice the time, up to this.</summary>
    private const int LongestPause = 1_024;

    /// <summary>So many answers of the fast lane make up for one failure: a text that fails rarely, since the machine was busy, stays.</summary>
    public const int AnswersForAFailure = 64;

    private int _pause = 1;
    private int _answers;
    private long _shutUntil;

    public AccountCode Code => code;

    /// <summary>It is one statement that reads, and names nothing that does more.</summary>
    public bool OnlyReads => mayShare;

    /// <summary>A lane of its own has shown that it is quick.</summary>
    public bool IsQuick { get; private set; }

    public static FastText Of(string sql, AccountCode code) => new(
        code,
        StatementText.FirstKeyword(sql) is "SELECT" or "WITH" or "VALUES" or "TABLE" && code.AllowsShared(sql),
        StatementParameters.Required(sql));

    /// <summary>What is wrong with a statement, a lane of its own will say; and only there is an array looked at before it is sent.</summary>
    public bool Fits(Statement statement) =>
        mayShare && statement.Parameters.Length == parameters && !HasArray(statement);

    private static bool HasArray(Statement statement)
    {
        foreach (var parameter in statement.Parameters)
        {
            if (parameter.Kind == ParameterKind.Array)
            {
                return true;
            }
        }

        return false;
    }

    public bool IsShut(TimeProvider time) => time.GetTimestamp() < Volatile.Read(ref _shutUntil);

    /// <summary>
    /// A lane of its own has run it. One quick run is enough: a slow one among them tells how busy the machine was, and one that
    /// really is slow fails on the fast lane, which is in a hurry.
    /// </summary>
    public void Ran(bool quickly, bool isShort) => IsQuick = isShort && (quickly || IsQuick);

    /// <summary>The fast lane has answered it.</summary>
    public void Answered()
    {
        // Most texts have never failed.
        if (_pause > 1 && ++_answers >= AnswersForAFailure)
        {
            (_pause, _answers) = (_pause / 2, 0);
        }
    }

    /// <summary>It failed on the fast lane, which is read only and in a hurry, or its answer was too long for it.</summary>
    public void Shut(TimeProvider time)
    {
        _pause = Math.Min(LongestPause, _pause * 2);
        Volatile.Write(ref _shutUntil, time.GetTimestamp() + (_pause * time.TimestampFrequency));
    }
}
