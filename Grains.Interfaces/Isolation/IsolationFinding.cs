namespace Kataven.Isolation;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">What: <c>role_attributes</c>, <c>stamp</c>, …</param>
/// <param name="Ok">Whether it is as it should be.</param>
/// <param name="Detail">What was found, and where it is not right what that opens.</param>
[GenerateSerializer, Immutable, Alias("kataven.IsolationFinding")]
public sealed record IsolationFinding(
    [property: Id(0)] string Name,
    [property: Id(1)] bool Ok,
    [property: Id(2)] string Detail);
