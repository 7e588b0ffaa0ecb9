using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Transactions;

/// <summary>For how long, and how many, an account may hold transactions that its clients begin and end by calls of their own.</summary>
internal sealed class TransactionOptions
{
    public const string Section = "Kataven:Transactions";

    /// <summary>
    /// After its last statement ended a transaction is rolled back, since it holds a lane, and what it has locked. One second to
    /// five minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan IdleLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a transaction may take, whatever runs in it. One second to half an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Transactions that an account may have open at one time: 1 to 48. One of its lanes is always left for other requests, except
    /// where it has only one.
    /// </summary>
    [Range(1, 48)]
    public int MaxOpen { get; set; } = 4;
}
