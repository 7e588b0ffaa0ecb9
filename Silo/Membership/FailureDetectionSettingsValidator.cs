using Microsoft.Extensions.Options;

namespace Kataven.Membership;

/// <summary>Checks the settings against each other.</summary>
internal sealed class FailureDetectionSettingsValidator : IValidateOptions<FailureDetectionSettings>
{
    public ValidateOptionsResult Validate(string? name, FailureDetectionSettings options)
    {
        // A sign of life is as old as it is written seldom, plus as it is read seldom, and counts for three times the former.
        var limit = 2 * options.AliveEvery;
        return options.TableRefresh < limit
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{FailureDetectionSettings.Section}:{nameof(options.TableRefresh)} is \"{options.TableRefresh}\": members that live would be taken for stale. "
                + $"Allowed: less than twice {FailureDetectionSettings.Section}:{nameof(options.AliveEvery)}, which is {limit}.");
    }
}
