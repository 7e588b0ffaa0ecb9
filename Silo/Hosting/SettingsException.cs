namespace Kataven.Hosting;

/// <summary>The start is refused: all settings that are wrong, a sentence each.</summary>
internal sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception($"{(faults.Count == 1 ? "A setting is" : $"{faults.Count} settings are")} wrong:{Environment.NewLine}{string.Join(Environment.NewLine, faults.Select(fault => $"  - {fault}"))}")
{
    public IReadOnlyList<string> Faults { get; } = faults;
}
