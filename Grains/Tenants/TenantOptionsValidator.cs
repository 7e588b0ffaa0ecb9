using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tenants;

/// <summary>Checks the options and the limits in them, and tells all faults together.</summary>
[OptionsValidator]
internal sealed partial class TenantOptionsValidator : IValidateOptions<TenantOptions>;
