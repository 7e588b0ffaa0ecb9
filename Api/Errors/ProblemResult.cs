using Kataven.Errors;

namespace Kataven.Api.Errors;

/// <summary>A refusal as an endpoint's result.</summary>
internal sealed class ProblemResult(Refusal refusal) : IResult
{
    public Refusal Refusal { get; } = refusal;

    public Task ExecuteAsync(HttpContext httpContext) => ProblemWriter.WriteAsync(httpContext, Refusal);
}
