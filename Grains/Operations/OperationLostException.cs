namespace Kataven.Grains.Operations;

/// <summary>Somebody else has the operation now, or it has ended: this one may do nothing more.</summary>
internal sealed class OperationLostException() : Exception("The operation is somebody else's now, or has ended.");
