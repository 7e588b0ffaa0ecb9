using System.Security.Cryptography;
using System.Text;
using Kataven.Migrations;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// What a database's schema is made of, as the service's role reads it from the catalog alone. Two databases have the same where their
/// objects are defined alike, whoever owns them and in whichever order they were made.
/// </summary>
internal static class SchemaFingerprint
{
    /// <summary>An account may have tens of thousands of objects.</summary>
    private const int ReadSeconds = 120;

    private static readonly string Question = ReadScript();

    /// <param name="inside">A connection that looks names up in <c>pg_catalog</c> alone, which also has all other names written out in full.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>In the order of kinds, schemas and names.</returns>
    public static async Task<IReadOnlyList<SchemaObject>> ReadAsync(NpgsqlConnection inside, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Question, inside) { CommandTimeout = ReadSeconds };
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var objects = new List<SchemaObject>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            objects.Add(new SchemaObject(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        objects.Sort(Order);
        return objects;
    }

    /// <summary>One SHA-256 of it all, in hexadecimal.</summary>
    public static async Task<string> ChecksumAsync(NpgsqlConnection inside, CancellationToken cancellation) =>
        ChecksumOf(await ReadAsync(inside, cancellation).ConfigureAwait(false));

    /// <inheritdoc cref="ChecksumAsync"/>
    public static string ChecksumOf(IEnumerable<SchemaObject> objects)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in objects)
        {
            // No name has a NUL in it.
            hash.AppendData(Encoding.UTF8.GetBytes($"{entry.Kind}\0{entry.Schema}\0{entry.Name}\0{entry.Definition}\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <param name="expected">What should be there.</param>
    /// <param name="actual">What is there.</param>
    /// <param name="added">Whether what is there beyond it is told: an account may add what it likes.</param>
    public static IReadOnlyList<SchemaDifference> Compare(IEnumerable<SchemaObject> expected, IEnumerable<SchemaObject> actual, bool added = false)
    {
        var there = actual.ToDictionary(KeyOf);
        var differences = new List<SchemaDifference>();
        foreach (var entry in expected)
        {
            if (!there.Remove(KeyOf(entry), out var found))
            {
                differences.Add(Difference(entry, SchemaChange.Missing));
            }
            else if (found.Definition != entry.Definition)
            {
                differences.Add(Difference(entry, SchemaChange.Changed));
            }
        }

        return added ? [.. differences, .. there.Values.Order(Comparer<SchemaObject>.Create(Order)).Select(entry => Difference(entry, SchemaChange.Added))] : differences;
    }

    private static (string Kind, string Schema, string Name) KeyOf(SchemaObject entry) => (entry.Kind, entry.Schema, entry.Name);

    private static SchemaDifference Difference(SchemaObject entry, SchemaChange change) => new(entry.Kind, entry.Schema, entry.Name, change);

    private static int Order(SchemaObject one, SchemaObject two) =>
        string.CompareOrdinal(one.Kind, two.Kind) is not 0 and var byKind ? byKind
        : string.CompareOrdinal(one.Schema, two.Schema) is not 0 and var bySchema ? bySchema
        : string.CompareOrdinal(one.Name, two.Name);

    private static string ReadScript()
    {
        using var stream = typeof(SchemaFingerprint).Assembly.GetManifestResourceStream("Kataven.Grains.Migrations.Scripts.fingerprint.sql")
            ?? throw new InvalidOperationException("The script fingerprint.sql is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
