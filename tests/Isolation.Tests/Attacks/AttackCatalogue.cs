using System.Text.Json;

namespace Kataven.Isolation.Tests.Attacks;

/// <summary>The cases of both data files: those that were given, and those that were found here.</summary>
internal static class AttackCatalogue
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Dictionary<string, AttackCase> ById =
        new[] { "attacks.json", "attacks-own.json" }.SelectMany(Read).ToDictionary(attack => attack.Id, StringComparer.Ordinal);

    public static AttackCase Find(string id) => ById[id];

    public static IEnumerable<TheoryDataRow<string>> Rows() => ById.Values.Select(attack =>
        new TheoryDataRow<string>(attack.Id) { TestDisplayName = $"{attack.Id} ({attack.Severity}) {attack.Title}" }
            .WithTrait("severity", attack.Severity).WithTrait("id", attack.Id));

    private static List<AttackCase> Read(string file)
    {
        using var stream = typeof(AttackCatalogue).Assembly.GetManifestResourceStream(file)!;
        return JsonSerializer.Deserialize<List<AttackCase>>(stream, Options)!;
    }
}
