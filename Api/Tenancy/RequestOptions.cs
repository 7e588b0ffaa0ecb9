using System.ComponentModel.DataAnnotations;

namespace Kataven.Api.Tenancy;

/// <summary>How a request is tried again that has not run, or only reads.</summary>
internal sealed class RequestOptions
{
    public const string Section = "Kataven:Requests";

    /// <summary>
    /// For how long, while PostgreSQL or the account's silo is away: 0 to 10 min; the request's own <c>timeout_ms</c> where that is
    /// shorter. As long as a statement may run by default, so that who waits for one waits for the other. See <see cref="GrainTries"/>
    /// for what counts.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan TryFor { get; set; } = TimeSpan.FromSeconds(30);
}
