using System.Text.Json.Nodes;

namespace Kataven.Grains.Operations;

/// <summary>What one kind of operation does.</summary>
internal interface IOperationWork
{
    string Kind { get; }

    /// <summary>
    /// Does it. After a crash it is called again from the start, so each step looks before it acts.
    /// </summary>
    /// <returns>The result, or null where there is nothing to tell.</returns>
    /// <exception cref="OperationFailedException">It cannot be done: the reason is told.</exception>
    Task<JsonObject?> RunAsync(OperationContext context);

    /// <summary>Removes what is left of one that failed, or was cancelled. Can be repeated.</summary>
    Task CleanUpAsync(OperationContext context);
}
