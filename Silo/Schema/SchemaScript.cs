using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Kataven.Silo.Schema;

/// <summary>One numbered step of the system database's schema.</summary>
internal sealed record SchemaScript(int Version, string Name, string Sql)
{
    private const string Folder = ".Schema.Scripts.";

    /// <summary>The scripts of this build, in the order in which they are applied.</summary>
    public static IReadOnlyList<SchemaScript> Embedded { get; } = ReadEmbedded(typeof(SchemaScript).Assembly);

    /// <summary>The same on every checkout, whatever its line ends.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    private static SchemaScript[] ReadEmbedded(Assembly assembly)
        => [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.Contains(Folder, StringComparison.Ordinal))
            .Select(resource => Read(assembly, resource))
            .OrderBy(script => script.Version)];

    private static SchemaScript Read(Assembly assembly, string resource)
    {
        var name = resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new SchemaScript(int.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
