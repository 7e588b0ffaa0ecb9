using System.Security.Cryptography;
using System.Text;
using Kataven.Migrations;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// What a database's schema is made of, as the service's role reads it from the catalog alone. Two databases have the same where their
/// objects are defined alike, whoever owns them, in whichever order they were made, and whether or not one was restored from the other.
/// </summary>
internal static class SchemaFingerprint
{
    /// <summary>An account may have tens of thousands of objects.</summary>
    private const int ReadSeconds = 120;

    private static readonly string Question = ReadScript();

    /// <param name="inside">A connection that looks names up in <c>pg_catalog</c> alone, which also has all other names written out in full.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>In the order of kinds, schemas and names.</returns>
    public static Task<IReadOnlyList<SchemaObject>> ReadAsync(NpgsqlConnection inside, CancellationToken cancellation) => ReadAsync(inside, true, cancellation);

    /// <summary>What of it has to be there after a restore. PostgreSQL makes no text of any expression for it.</summary>
    /// <inheritdoc cref="ReadAsync(NpgsqlConnection, CancellationToken)"/>
    public static async Task<SchemaStructure> StructureAsync(NpgsqlConnection inside, CancellationToken cancellation) =>
        SchemaStructure.Of(await ReadAsync(inside, false, cancellation).ConfigureAwait(false));

    private static async Task<IReadOnlyList<SchemaObject>> ReadAsync(NpgsqlConnection inside, bool texts, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(inside) { Timeout = ReadSeconds };
        // A question of this length is compiled for seconds where the server does so.
        batch.BatchCommands.Add(new("SET jit = off"));
        batch.BatchCommands.Add(new(Question) { Parameters = { new() { Value = texts } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var objects = new List<SchemaObject>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var structure = reader.GetString(3);
            string?[] expressions = await reader.IsDBNullAsync(4, cancellation).ConfigureAwait(false) ? [] : reader.GetFieldValue<string?[]>(4);
            objects.Add(new SchemaObject(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), Checksum(structure), texts ? DefinitionOf(structure, expressions) : ""));
        }

        objects.Sort(Order);
        return objects;
    }

    private static string DefinitionOf(string structure, string?[] expressions) =>
        Checksum(string.Join('\0', [structure, .. expressions.Select(text => text is null ? "" : DeparsedText.Reduce(text))]));

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>One SHA-256 of it all, in hexadecimal.</summary>
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
