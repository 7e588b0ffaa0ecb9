using Kataven.Errors;

namespace Kataven.Operations;

/// <summary>One operation, by its id. It works on in the background, also after its process died: then elsewhere.</summary>
[Alias("kataven.IOperationGrain")]
public interface IOperationGrain : IGrainWithGuidKey
{
    /// <summary>Begins it, or says which other one is in the way.</summary>
    [Alias("Start")]
    Task<OperationResult> StartAsync(OperationRequest request);

    /// <summary>Has it go on where nobody works on it.</summary>
    [Alias("Resume")]
    Task ResumeAsync();

    /// <summary>Returns when it has ended.</summary>
    [Alias("Wait"), ResponseTimeout("1.00:00:00")]
    Task<OperationResult> WaitAsync();

    /// <summary>Ends it as failed, for this reason, and returns when what it left is removed.</summary>
    [Alias("Cancel"), ResponseTimeout("00:02:00")]
    Task CancelAsync(Refusal reason);
}
