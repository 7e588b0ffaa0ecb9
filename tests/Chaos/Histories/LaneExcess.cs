namespace Kataven.Chaos.Histories;

/// <summary>More connections than are allowed, all of which were there in several samples that followed one another.</summary>
/// <param name="Of">The account, or <c>budget</c>.</param>
/// <param name="From">The first sample.</param>
/// <param name="To">The last.</param>
/// <param name="Seen">The most that stayed.</param>
/// <param name="Limit">How many are allowed.</param>
internal sealed record LaneExcess(string Of, TimeSpan From, TimeSpan To, int Seen, int Limit);
