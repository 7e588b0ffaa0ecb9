using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Queries;
using Kataven.Grains.Tenants;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Kataven.Grains.Tests.Queries;

/// <summary>What the caller of a statement is told that the service ended: that it has not happened, only where PostgreSQL has said so.</summary>
public sealed class SqlFailureTests
{
    private static readonly PostgresException Cancelled = new("canceling statement due to user request", "ERROR", "ERROR", "57014");
    private static readonly PostgresException Ended = new("terminating connection due to administrator command", "FATAL", "FATAL", "57P01");

    public static TheoryData<string> Answers { get; } = ["cancelled", "cancelled by Npgsql", "ended"];

    public static TheoryData<string> Silences { get; } = ["given up", "given up at once", "closed", "broken", "disposed"];

    [Theory]
    [MemberData(nameof(Answers))]
    public void A_write_that_PostgreSQL_has_cancelled_or_ended_for_its_time_has_not_happened(string answer)
    {
        var refusal = Told(EndReason.TimeLimit, Of(answer), mayHaveWritten: true);

        Assert.Equal((ErrorCode.QueryTimeout, "57014"), (refusal.Code, refusal.Sql?.SqlState));
    }

    [Theory]
    [MemberData(nameof(Silences))]
    public void Of_one_that_PostgreSQL_has_said_nothing_of_nobody_knows_and_it_gets_no_more_time(string silence)
    {
        var refusal = Told(EndReason.TimeLimit, Of(silence), mayHaveWritten: true);

        Assert.Equal((ErrorCode.OutcomeUnknown, true), (refusal.Code, refusal.IsLasting));
        Assert.True(SqlFailure.IsUnansweredTimeout(refusal));
    }

    [Theory]
    [MemberData(nameof(Answers))]
    [MemberData(nameof(Silences))]
    public void What_only_reads_has_not_happened_whatever_is_lost(string end)
    {
        Assert.Equal(ErrorCode.QueryTimeout, Told(EndReason.TimeLimit, Of(end), mayHaveWritten: false).Code);
        Assert.Equal(ErrorCode.AccountInactive, Told(EndReason.AccountStopped, Of(end), mayHaveWritten: false, Suspended).Code);
        Assert.Equal(ErrorCode.QueryCancelled, Told(EndReason.StreamForgotten, Of(end), mayHaveWritten: false).Code);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    [MemberData(nameof(Silences))]
    public void An_account_that_is_suspended_is_the_reason_only_where_its_write_is_known_not_to_have_happened(string end)
    {
        var isAnswered = Of(end) is PostgresException or { InnerException: PostgresException };
        var expected = isAnswered ? ErrorCode.AccountInactive : ErrorCode.OutcomeUnknown;

        Assert.Equal(expected, Told(EndReason.AccountStopped, Of(end), mayHaveWritten: true, Suspended).Code);
    }

    [Theory]
    [InlineData("cancelled by Npgsql", ErrorCode.DatabaseUnavailable)]
    [InlineData("ended", ErrorCode.OutcomeUnknown)]
    [InlineData("given up", ErrorCode.OutcomeUnknown)]
    public void So_is_one_that_moves_which_also_has_its_connections_ended(string end, ErrorCode expected)
    {
        Assert.Equal(expected, Told(EndReason.AccountStopped, Of(end), mayHaveWritten: true, TenantRefusals.Moving).Code);
        Assert.Equal(expected, Told(EndReason.AccountStopped, Of(end), mayHaveWritten: true).Code);
    }

    [Theory]
    [InlineData("cancelled by Npgsql", ErrorCode.QueryCancelled)]
    [InlineData("given up at once", ErrorCode.OutcomeUnknown)]
    public void So_is_a_stream_of_which_nobody_takes_anything(string end, ErrorCode expected)
    {
        var refusal = Told(EndReason.StreamForgotten, Of(end), mayHaveWritten: true);

        Assert.Equal((expected, expected == ErrorCode.QueryCancelled ? "57014" : null), (refusal.Code, refusal.Sql?.SqlState));
    }

    [Theory]
    [InlineData(nameof(EndReason.None))]
    [InlineData(nameof(EndReason.TimeLimit))]
    [InlineData(nameof(EndReason.AccountStopped))]
    public void What_fails_behind_a_write_that_has_run_is_no_answer_to_it(string reason) =>
        Assert.Equal(ErrorCode.OutcomeUnknown, Told(Enum.Parse<EndReason>(reason), Of("cancelled by Npgsql"), mayHaveWritten: true, Suspended, hasRun: true).Code);

    [Fact]
    public void A_result_that_is_too_large_is_told_of_as_such_though_the_statement_has_run()
    {
        var refusal = Told(EndReason.ResultTooLarge, Of("given up at once"), mayHaveWritten: true, hasRun: true);

        Assert.Equal(ErrorCode.ResultTooLarge, refusal.Code);
    }

    private static Refusal Suspended => Refusal.Inactive(AccountStatus.Suspended);

    private static Exception Of(string end) => end switch
    {
        "cancelled" => Cancelled,
        "cancelled by Npgsql" => new OperationCanceledException("Query was cancelled", Cancelled),
        "ended" => Ended,
        "given up" => new OperationCanceledException("Query was cancelled", new TimeoutException("Timeout during reading attempt")),
        "given up at once" => new OperationCanceledException("Query was cancelled"),
        "closed" => new NpgsqlException("Exception while reading from stream", new EndOfStreamException()),
        "broken" => new IOException("Connection reset by peer"),
        _ => new ObjectDisposedException("NpgsqlConnection"),
    };

    private static Refusal Told(EndReason reason, Exception exception, bool mayHaveWritten, Refusal? stopped = null, bool hasRun = false)
    {
        using var clock = new StatementClock(TimeSpan.FromSeconds(1), new FakeTimeProvider(), CancellationToken.None, CancellationToken.None);
        if (reason != EndReason.None)
        {
            clock.End(reason);
        }

        return SqlFailure.ToRefusal(exception, clock, stopped, 1000, mayHaveWritten, hasRun);
    }
}
