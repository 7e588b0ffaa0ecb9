using Microsoft.Extensions.Options;

namespace Kataven.Grains.Migrations;

/// <summary>Checks what the attributes of the options say.</summary>
[OptionsValidator]
internal sealed partial class MigrationOptionsValidator : IValidateOptions<MigrationOptions>;
