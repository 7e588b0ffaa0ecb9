namespace Kataven.Cluster.Tests.Operations;

/// <summary>An operation that is to be killed.</summary>
/// <param name="Account">The account that it is on.</param>
/// <param name="BeginAsync">Begins it, and may wait for it: the answer is lost with the process.</param>
/// <param name="CheckAsync">Given the operation's id once it has succeeded: looks at what it came to, and tells what may be left.</param>
public sealed record KillCase(string Account, Func<Task> BeginAsync, Func<Guid, Task<string[]>> CheckAsync);
