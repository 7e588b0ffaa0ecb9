using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Migrations;

/// <summary>A script that cannot be applied would be noticed at the first account only.</summary>
internal sealed class MigrationScriptsValidator(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<MigrationOptions>
{
    public ValidateOptionsResult Validate(string? name, MigrationOptions options) =>
        string.IsNullOrWhiteSpace(options.Directory) ? ValidateOptionsResult.Skip
        : MigrationScripts.Read(options, configuration, environment) is (_, { Count: > 0 } faults) ? ValidateOptionsResult.Fail(faults)
        : ValidateOptionsResult.Success;
}
