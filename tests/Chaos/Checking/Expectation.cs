namespace Kataven.Chaos.Checking;

/// <summary>Where a write's rows have to be.</summary>
internal enum Expectation
{
    Either,
    There,
    NotThere,
}
