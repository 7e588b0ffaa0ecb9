namespace Kataven.Api.Errors;

/// <summary>A request that is not of the right form. Its message names the member at fault, and goes to the caller.</summary>
internal sealed class RequestFault : Exception
{
    public RequestFault(string message)
        : this(ErrorCode.InvalidRequest, message)
    {
    }

    public RequestFault(ErrorCode code, string message)
        : base(message) => Code = code;

    public ErrorCode Code { get; }
}
