namespace Kataven.Operations;

/// <summary>Where an operation is.</summary>
[GenerateSerializer, Alias("kataven.OperationStatus")]
public enum OperationStatus
{
    Running,
    Succeeded,
    Failed,
}
