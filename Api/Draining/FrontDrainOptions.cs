using System.ComponentModel.DataAnnotations;

namespace Kataven.Api.Draining;

/// <summary>How a front door that stops leaves its balancers.</summary>
internal sealed class FrontDrainOptions
{
    public const string Section = "Kataven:Drain";

    /// <summary>
    /// For how long a front door that was told to stop takes new connections still, and says by <c>/health/ready</c> and by
    /// <c>Connection: close</c> that it goes: 0 to 20 s. What asks for its health has to have noticed by then.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:20")]
    public TimeSpan Notice { get; set; } = TimeSpan.FromSeconds(5);
}
