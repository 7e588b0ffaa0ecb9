namespace Kataven.Chaos.Histories;

/// <summary>One restore of an account in its place. Its writers pause meanwhile, its readers do not.</summary>
/// <param name="Life">The account.</param>
/// <param name="ClosedEpoch">The even epoch that was written into the data that is to go.</param>
/// <param name="Closing">Before that.</param>
/// <param name="Closed">After that, and before the restore was asked for.</param>
/// <param name="Opening">After it had ended, and before the next epoch was written.</param>
/// <param name="Opened">After that.</param>
/// <param name="Happened">The backup has taken the data's place.</param>
internal sealed record Replacement(string Life, int ClosedEpoch, TimeSpan Closing, TimeSpan Closed, TimeSpan Opening, TimeSpan Opened, bool Happened);
