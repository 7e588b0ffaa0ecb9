using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Idempotency;

/// <summary>How long the answers of writes that were sent with an <c>Idempotency-Key</c> are kept, and how many.</summary>
public sealed class IdempotencyOptions
{
    public const string Section = "Kataven:Idempotency";

    /// <summary>How long an answer is kept: later the same key is a new one. One second to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Answers that an account keeps at a time. They are counted when an account is activated: a million takes a second or less. 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxKeys { get; set; } = 100_000;

    /// <summary>The longest answer that is kept, in bytes: 1 KiB to 64 MiB. A longer one fails, and so does its write.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxAnswerBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Bytes of the answers that an account keeps at a time: 1 MiB to 1 TiB.</summary>
    [Range(1024L * 1024, 1024L * 1024 * 1024 * 1024)]
    public long MaxTotalBytes { get; set; } = 256 * 1024 * 1024;
}
