namespace Kataven.Chaos.Histories;

/// <summary>The state of an account that an answer shows.</summary>
/// <param name="Database"><c>current_database()</c>, or null where it was not asked for.</param>
/// <param name="Account">The account whose data it is.</param>
/// <param name="Life">Which account of that slug.</param>
/// <param name="Epoch">Odd while clients write; even, one less than the next, from the moment at which the data is about to be replaced.</param>
/// <param name="Tally">The counter.</param>
/// <param name="Counted">The rows that increments have left, where they were counted.</param>
internal sealed record Sight(string? Database, string Account, string Life, int Epoch, long Tally, long? Counted)
{
    public override string ToString() => $"[{Database} {Life} epoch {Epoch} tally {Tally}]";
}
