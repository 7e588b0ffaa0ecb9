namespace Kataven.Grains.Connections;

/// <summary>Runs the statements of a group on the fast lane, in one round trip.</summary>
internal interface IFastGroups
{
    /// <summary>
    /// Answers the statements in their order. One that fails is sent elsewhere; those behind it are left without an answer.
    /// It does not throw.
    /// </summary>
    Task<FastGroupEnd> RunAsync(Lane lane, IReadOnlyList<FastRead> group, CancellationToken cancellation);
}
