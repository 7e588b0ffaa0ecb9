using Microsoft.Extensions.Options;

namespace Kataven.Grains.Idempotency;

/// <summary>Checks the options, and tells all faults together.</summary>
[OptionsValidator]
internal sealed partial class IdempotencyOptionsValidator : IValidateOptions<IdempotencyOptions>;
