namespace Kataven.Grains.Isolation;

/// <summary>A setting that an account's role has from the start.</summary>
/// <param name="Name">PostgreSQL's name for it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Holds">True where the account cannot change it; the others are defaults, and nothing relies on them.</param>
internal sealed record RoleSetting(string Name, string Value, bool Holds)
{
    /// <summary>
    /// What accounts are given. Limits that an account could set to nothing are held by the service: its own deadline
    /// cancels, and ends the backend two seconds later.
    /// </summary>
    public static IReadOnlyList<RoleSetting> All { get; } =
    [
        new("statement_timeout", "600s", false),
        new("lock_timeout", "10s", false),
        new("idle_in_transaction_session_timeout", "60s", false),
        new("work_mem", "8MB", false),
        new("max_parallel_workers_per_gather", "0", false),
        new("temp_file_limit", "512MB", true),
        new("log_min_messages", "panic", true),
        new("log_min_error_statement", "panic", true),
        new("log_statement", "none", true),
        new("log_min_duration_statement", "-1", true),
    ];
}
